import { roundHalfEven } from '../nd/round.js';
import { unary, unarySamples } from './unary.js';

export const round = unary({
  name: 'round',
  summary: 'The nearest whole number; halves go to the even one.',
  source: 'ONNX Round, torch.round',
  of: roundHalfEven,
  onnx: 'Round',
  grad: 'none',
  samples: unarySamples(-3, 3),
});
