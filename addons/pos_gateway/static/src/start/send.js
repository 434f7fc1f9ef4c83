// The bank's page opens by itself; the button is there for those without scripts.
// A bank may have a field named "submit", which hides the form's own function.
HTMLFormElement.prototype.submit.call(document.forms[0]);
