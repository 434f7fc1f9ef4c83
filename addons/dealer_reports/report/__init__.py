from . import dealer_collection_report
