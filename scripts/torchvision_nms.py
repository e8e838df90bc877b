"""torchvision.ops.nms in torch alone, as in torchvision's csrc/ops/cpu/nms_kernel.cpp: the compiled operators of torchvision need a matching build of torch."""

import torch


def nms(boxes, scores, iou_threshold):
    x1, y1, x2, y2 = boxes.unbind(1)
    areas = (x2 - x1) * (y2 - y1)
    order = scores.sort(stable=True, dim=0, descending=True).indices
    suppressed = torch.zeros(len(boxes), dtype=torch.bool)
    kept = []
    for place, i in enumerate(order.tolist()):
        if suppressed[i]:
            continue
        kept.append(i)
        for j in order[place + 1 :].tolist():
            width = (torch.minimum(x2[i], x2[j]) - torch.maximum(x1[i], x1[j])).clamp(min=0)
            height = (torch.minimum(y2[i], y2[j]) - torch.maximum(y1[i], y1[j])).clamp(min=0)
            both = width * height
            # The quotient is an f32, the threshold a double.
            if (both / (areas[i] + areas[j] - both)).item() > iou_threshold:
                suppressed[j] = True
    return torch.tensor(kept, dtype=torch.int64)
