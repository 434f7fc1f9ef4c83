PROVIDER_CODE = "pos_gateway"

# Primary method first: the brands below it show as logos.
DEFAULT_PAYMENT_METHOD_CODES = {"card", "visa", "mastercard", "amex", "troy"}

SUPPORTED_CURRENCIES = ("TRY", "USD", "EUR", "GBP")

# A bank's message is a few KiB; nothing genuine comes near this.
MESSAGE_SIZE_LIMIT = 64 * 1024

# Messages that nobody signs, and anybody may send: how many are kept of an order that
# is open, and how many more of one that was closed unpaid. Each may lead to a call.
UNSIGNED_MESSAGES = 5
UNSIGNED_LATE = 2

# Banks know no longer plans; the law allows far fewer on most cards.
MOST_INSTALLMENTS = 36

# How many cards may be typed for one order: a payer mistypes, a thief tries out.
CARDS_PER_ORDER = 5

# Books and value dates follow the bank's day, whatever the user's own zone.
BANK_TIME_ZONE = "Europe/Istanbul"

# Seconds: to connect, and to answer. Banks wait up to 45 s for the issuer.
BANK_TIMEOUT = (5, 60)

# Seconds for all of it: a bank that sends its answer byte by byte is never late.
BANK_DEADLINE = 75

# How often a bank may be silent until its other calls are left for the next run: each
# silence keeps the other banks' calls waiting.
SILENT_CALLS_PER_RUN = 2

# How long a payer may sit on the bank's page before "no such order" means that
# nothing will come of it.
PAGE_LIFETIME_MINUTES = 30

# A payment that the bank knew nothing of was closed: it is asked about once more.
LAST_INQUIRY_HOURS = 24

# Minutes until the bank is asked again, by number of times already asked.
INQUIRY_BACK_OFF = (1, 2, 4, 8, 15, 30, 60)

# The same for a call that may be made again, because it moves no money or because the
# bank certainly got nothing; then a person is asked to look.
CALL_BACK_OFF = (1, 2, 5, 15, 60)

# After this many questions without a clear answer a person is asked to look.
INQUIRIES_BEFORE_ALERT = 6

# The same for bank messages that could not be applied, and postings that failed.
ATTEMPTS_BEFORE_ALERT = 3
MESSAGE_ATTEMPTS = 10

# On how many days after each other a partial refund is tried that the bank takes only
# after the end of its day.
NEXT_DAY_ATTEMPTS = 3

# A bank that did not answer may still be at work: only after this is it believed that
# what its books do not show was not done.
MINUTES_TO_BELIEVE_NOTHING = 10

# The wording of the consent that a payer gives to a schedule: a new one, a new name.
RECURRING_CONSENT_VERSION = "2026-11"

# From this hour (in Turkey) a planned payment is asked about, on its day.
RECURRING_FIRST_HOUR = 9

# Minutes until the bank is asked again about a payment that is due: banks charge by
# night or in the course of the day.
RECURRING_BACK_OFF = (60, 120, 240, 480, 1440)

# A POS whose bank was silent so often in a row, within so many minutes, is left alone.
DOWN_AFTER_FAILURES = 3
DOWN_MINUTES = 15
