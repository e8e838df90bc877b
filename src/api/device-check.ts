/** A feature that a model uses and that some devices do not have or compute wrongly, so it is tried before the model is loaded: f16, and the fused attention of WebGPU. */
export type DeviceCheck = 'half' | 'attention';
