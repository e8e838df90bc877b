/** A feature that a model uses and that some devices compute wrongly, so it is tried before the model is loaded: the fused attention of WebGPU. */
export type DeviceCheck = 'attention';
