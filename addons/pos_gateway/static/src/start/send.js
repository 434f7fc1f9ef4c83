// The bank's page opens by itself; the button is there for those without scripts.
document.forms[0].submit();
