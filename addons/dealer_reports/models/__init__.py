from . import dealer_collection
