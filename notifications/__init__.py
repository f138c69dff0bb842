"""Delivery: notices, their recipients and what became of each; it knows no business."""
