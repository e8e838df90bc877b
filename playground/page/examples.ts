import digits from '../models/digits.arch?raw';

/** The files of the examples, by their paths. */
const files = import.meta.glob<string>('../../examples/{lenet,cnn,lstm,transformer,unet,resnet,mamba}/model.arch', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const titles: Readonly<Record<string, string>> = {
  lenet: 'LeNet',
  cnn: 'CNN, with training',
  lstm: 'LSTM, with training',
  transformer: 'Transformer, with training',
  unet: 'U-Net',
  resnet: 'ResNet',
  mamba: 'Mamba (large: look at it)',
};

/** The text that the page begins with. */
export const firstText: string = digits;

/** The texts to begin with, by their titles. */
export const examples: ReadonlyMap<string, string> = new Map([
  ['Digits, with training', digits],
  ...Object.entries(titles).map(([name, title]) => [title, files[`../../examples/${name}/model.arch`] ?? ''] as const),
]);
