from . import pos_gateway_question
