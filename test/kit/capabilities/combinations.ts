/** All texts that take one part from each list, joined with spaces. */
function combined(...lists: readonly (readonly string[])[]): readonly string[] {
  return lists.reduce((all, list) => all.flatMap((text) => list.map((part) => [text, part].filter((one) => one !== '').join(' '))), ['']);
}

const ranks = ['rank=3', 'rank=4', 'rank=5'];
const directions = ['', 'direction=reverse', 'direction=bidirectional'];
const recurrent = (outputs: string, options: readonly string[]) =>
  combined(['', '+B'], ['', '+sequence_lens'], ['', '+initial_h'], [outputs], directions, options);

/** The options of operators that archc combines freely, as traits of their forms. */
export const combinations: readonly (readonly [operator: string, traits: readonly string[]])[] = [
  ['AveragePool', combined(['', 'count_include_pad=1'], ranks)],
  ['Conv', combined(['', '+B'], ranks, ['', 'groups'])],
  ['ConvTranspose', combined(['', '+B'], ranks, ['', 'groups', 'groups-to-one-channel'])],
  ['GRU', recurrent('->Y ->Y_h', ['linear_before_reset=1'])],
  ['LSTM', combined(['', '+B'], ['', '+sequence_lens'], ['', '+initial_h +initial_c'], ['->Y ->Y_h ->Y_c'], directions)],
  ['RNN', recurrent('->Y ->Y_h', [''])],
  ['Resize', combined(['+scales', '+sizes'], ['', 'coordinate_transformation_mode=align_corners'], ['mode=linear'], ranks)],
  ['Resize', combined(['+scales', '+sizes'], ['', 'coordinate_transformation_mode=align_corners'], ['mode=cubic'], ['rank=4'])],
  ['Resize', combined(['+scales', '+sizes'], ['coordinate_transformation_mode=asymmetric nearest_mode=floor'], ranks)],
];
