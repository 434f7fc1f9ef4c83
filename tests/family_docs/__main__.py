"""``script/family-docs``: writes the pages and prints the lines of each family."""

from . import PAGES, pages, sizes

PAGES.mkdir(parents=True, exist_ok=True)
for name, text in pages.all_pages().items():
    (PAGES / name).write_text(text)
print(f"{'family':14} {'file':>5} {'more':>5} {'codes':>5} {'all':>5} {'bank':>5}")
for code in sorted(sizes.suite.FAMILIES):
    size = sizes.size_of(code)
    told = (size.family, size.more, size.codes, size.total, size.bank)
    print(f"{code:14} " + " ".join(f"{number:>5}" for number in told))
print(f"median of ActiveMerchant's gateways: {sizes.ACTIVE_MERCHANT_MEDIAN}")
