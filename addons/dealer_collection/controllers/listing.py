from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

MOST_SEARCHED = 100


def listing(url, records, base, query, sortings, filters, inputs, step=40):
    """One page of a list with search, filters, order and pager.

    :param records: empty recordset with the rights that decide what is found
    :param base: domain of all that the list has
    :param dict query: what the browser sent: page, sortby, filterby, search, search_in
    :param dict sortings: name -> label, order; the first is the usual one
    :param dict filters: name -> label, domain; the first is the usual one
    :param dict inputs: name -> label, fields (to search in)
    :return: the records of the page, and values for ``portal.portal_searchbar``
    """
    sortby = _one_of(sortings, query.get("sortby"))
    filterby = _one_of(filters, query.get("filterby"))
    search_in = _one_of(inputs, query.get("search_in"))
    search = (query.get("search") or "").strip()[:MOST_SEARCHED]
    domain = Domain(base) & Domain(filters[filterby]["domain"])
    if search:
        domain &= Domain.OR(
            Domain(field, "ilike", search) for field in inputs[search_in]["fields"]
        )
    chosen = {
        "sortby": sortby,
        "filterby": filterby,
        "search": search,
        "search_in": search_in,
    }
    pager = portal_pager(
        url=url,
        url_args=chosen,
        total=records.search_count(domain),
        page=query.get("page", 1),
        step=step,
    )
    found = records.search(
        domain, order=sortings[sortby]["order"], limit=step, offset=pager["offset"]
    )
    return found, chosen | {
        "default_url": url,
        "pager": pager,
        "searchbar_sortings": sortings,
        "searchbar_filters": filters,
        "searchbar_inputs": {
            name: {"input": name, "label": values["label"]}
            for name, values in inputs.items()
        },
        "is_narrowed": bool(search) or filterby != next(iter(filters)),
    }


def _one_of(choices, name):
    return name if name in choices else next(iter(choices))


def posted(names, flags=()):
    """:return: dict of what a form sent, of the named inputs only, as text"""
    form = request.httprequest.form
    texts = {name: form.get(name, "") for name in names}
    return texts | {name: bool(form.get(name)) for name in flags}
