/** What a model uses that is wrong on some devices, and is therefore tried before the model is loaded on one: the fused attention of WebGPU. */
export type DeviceCheck = 'attention';
