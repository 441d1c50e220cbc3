"""Orders in, results out as they are done, by whatever crew there is.

Each is given back as soon as it is done, and never more are on their way than a few for each worker. A worker that
dies costs what it worked on one more try, and nothing else.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeAlias

from handouts.build.crews import Crew, Group, Order, Results
from handouts.build.rendering import Result, not_made
from handouts.finding import error

Finished: TypeAlias = tuple[Order, Result]


def do_all(orders: Iterable[Order], crew: Crew) -> Generator[Finished, None, None]:
    """Yield each order with its result, as they are done; whatever ends this early also ends the workers."""
    at_once = True
    flying: dict[Future[Results], Group] = {}
    try:
        for group in grouped(orders, crew.most):
            flying[sent(group, crew)] = group
            if len(flying) >= crew.workers * crew.ahead or any(each.done() for each in flying):
                yield from landed(flying, crew)
        while flying:
            yield from landed(flying, crew)
        at_once = False
    finally:
        crew.close(at_once=at_once)


def grouped(orders: Iterable[Order], most: int) -> Iterator[Group]:
    """Yield orders in groups of at most so many, all of one base."""
    group: list[Order] = []
    for order in orders:
        if group and (len(group) == most or order.base is not group[0].base):
            yield tuple(group)
            group.clear()
        group.append(order)
    if group:
        yield tuple(group)


def sent(group: Group, crew: Crew) -> Future[Results]:
    """Return what will be the results, or what says why nobody could take the orders."""
    try:
        return crew.submit(group)
    except Exception as problem:
        if not crew.died(problem):
            raise
        future: Future[Results] = Future()
        future.set_exception(problem)
        return future


def landed(flying: dict[Future[Results], Group], crew: Crew) -> Iterator[Finished]:
    """Yield what is done of what is on its way: at least one.

    After a death, everything that fell with it is done again one by one, which shows what is deadly.
    """
    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
    fallen: list[Order] = []
    for future in finished:
        group = flying.pop(future)
        problem = future.exception()
        if problem is None:
            yield from zip(group, future.result(), strict=True)
        elif crew.died(problem):
            fallen.extend(group)
        else:
            raise problem
    if fallen and crew.together:
        fallen.extend(order for group in flying.values() for order in group)
        flying.clear()
    if fallen:
        crew.renew()
    for order in sorted(fallen, key=lambda each: each.number):
        yield order, once_more(order, crew)


def once_more(order: Order, crew: Crew) -> Result:
    """Return the result of an order whose worker died, or that it died again."""
    try:
        (result,) = sent((order,), crew).result()
        return result
    except BaseException as problem:
        if not crew.died(problem):
            raise
    crew.renew()
    message = "The process that made this file was ended from outside, twice."
    hint = "see whether there is enough memory; run it again with fewer processes: --jobs 1"
    return not_made(error("worker-died", message, hint=hint))
