import * as vscode from 'vscode';

const example = `## LeNet-5 on 28x28 digits.
model LeNet(classes = 10)(image: Tensor[N, 1, 28, 28]) -> (logits: Tensor[N, classes]) {
  return image
    -> conv1: Conv2d(6, kernel = 5, padding = 2)   as [N, 6, 28, 28]
    -> relu -> max_pool2d(2)                       as [N, 6, 14, 14]
    -> conv2: Conv2d(16, kernel = 5)               as [N, 16, 10, 10]
    -> relu -> max_pool2d(2) -> flatten            as [N, 400]
    -> fc1: Linear(120) -> relu
    -> fc2: Linear(84)  -> relu
    -> fc3: Linear(classes)
}
`;

/** Opens a new document with a model to try things on. */
export async function openExample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'arch', content: example });
  await vscode.window.showTextDocument(document);
}
