import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

/** What training changes is a parameter, in every command; what a norm only keeps is in a buffer. */
const resnet = resolve(import.meta.dirname, '../../examples/resnet/model.arch');
useOwnFolder();

test('ResNet-50 has the 25,557,032 parameters of torchvision', async () => {
  const cost = await commandLine(['cost', resnet, '--model', 'ResNet50', '--bind', 'N=1,H=224,W=224']);
  const [head = '', all = ''] = cost.out.split('\n').map((row) => row.trim().split(/ {2,}/).join('|'));
  expect(head).toBe('layer|kind|parameters|buffers|weights|FLOPs|activations');
  expect(all).toMatch(/^\(all\)\|ResNet50\|25,557,032\|53,120\|102 MB\|/);
  const [model] = JSON.parse((await commandLine(['cost', resnet, '--model', 'ResNet50', '--json'])).out).layers;
  expect(model).toMatchObject({ parameters: 25_557_032, buffers: 53_120 });
  const list = await commandLine(['weights', 'list', resnet, '--model', 'ResNet50']);
  expect(list.out).toMatch(/\nbn1\.running_mean +f32 +\[64\] +buffer\n/);
  expect(list.out.trimEnd().split('\n').at(-1)).toBe('267 tensors, 25,557,032 parameters and 53,120 numbers in buffers');
});

test('build and inspect say the same', async () => {
  writeFileSync(
    'm.arch',
    'model M(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 5, 8, 8]) { return x -> conv: Conv2d(5, kernel = 1) -> bn: BatchNorm2d }\n',
  );
  const words = '30 parameters and 10 numbers in buffers';
  expect((await commandLine(['m.arch', '-o', 'm.onnx'])).err).toContain(`, ${words}, x [N, 3, 8, 8]`);
  expect((await commandLine(['inspect', 'm.onnx'])).out).toContain(`\nparameters    ${words}\n`);
  const rows = JSON.parse((await commandLine(['weights', 'list', 'm.arch', '--json'])).out);
  expect(rows).toContainEqual({ name: 'bn.running_var', type: 'f32', shape: [5], buffer: true });
});
