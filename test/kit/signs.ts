/** A small model with a `train` block: `Signs`, trained by `Fit`. */
export const signs = `model Signs(x: Tensor[N, 4]) -> (logits: Tensor[N, 2]) {
  return x -> hidden: Linear(8) -> relu -> out: Linear(2)
}

train Fit for Signs {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  optimizer adamw(lr = input)
}
`;
