"""Small computations for autograd to record, by the names of their tensors."""

import random

import torch


def leaf(*numbers):
    return torch.tensor(numbers, requires_grad=True)


def square_of_sum():
    """Return y = x + 2, z = 3y², their mean, and all the names."""
    x = leaf(-0.5, 0.0, 2.0)
    y = x + 2
    z = 3 * y**2
    return {"x": x, "y": y, "z": z, "m": z.mean()}


def random_tensors(seed, n_leaves=3, n_operations=12):
    """Compute something at random; return the tensors by name, and what each was computed from."""
    choose, tensors, inputs = random.Random(seed), {}, {}
    for i in range(n_leaves):
        tensors[f"leaf{i}"] = leaf(0.1 * (i + 1), 0.2)
    for i in range(n_operations):
        first, second = choose.choices(list(tensors), k=2)
        operation = choose.choice([torch.add, torch.mul, torch.sin])
        used = [first] if operation is torch.sin else [first, second]
        tensors[f"t{i}"], inputs[f"t{i}"] = operation(*[tensors[name] for name in used]), used
    unused = set(tensors) - {name for used in inputs.values() for name in used}
    tensors["end"] = sum((tensors[name] for name in sorted(unused)[1:]), start=tensors[min(unused)] * 1)
    return tensors, inputs


def penalised_error():
    """Return E = (w·x − y)² + w² at w = 3, x = 2, y = 4, and all that it is computed from."""
    w, x, y = (torch.tensor(number, requires_grad=True) for number in (3.0, 2.0, 4.0))
    p = w * x
    d = p - y
    q, r = d**2, w**2
    return {"w": w, "x": x, "y": y, "p": p, "d": d, "q": q, "r": r, "E": q + r}
