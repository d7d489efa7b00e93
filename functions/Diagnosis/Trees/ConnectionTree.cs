using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>
/// WhatsApp does not connect (R-053… ). The manual asks for the instance first; Evolution answers 404 before it looks at the key, so the key is asked first here.
/// </summary>
internal static class ConnectionTree
{
    public static Tree Tree { get; } = new("connection", "WhatsApp does not connect", "gateway",
        [
            SharedNodes.Key("row"),
            Question.Of("row", "Has the product a WhatsApp row for the tenant?", "product.row",
                ("active", "exists"), ("inactive", "exists_unused"), ("none", "exists_without_row"), ("no_tenant", "tenant_unknown"), ("unreadable", "product_unreadable")),
            Question.Of("exists_without_row", "Is the instance on the gateway all the same?", "instance.exists",
                ("there", "config_missing"), ("not_loaded", "config_missing"), ("unreadable", "config_missing"), ("absent", "not_set_up")),
            Question.Of("exists_unused", "Is the instance connected although the row is switched off?", "instance.state",
                ("open", "switched_off_but_open"), ("connecting", "switched_off"), ("close", "switched_off"), ("refused", "switched_off"), ("unknown", "switched_off")),
            Question.Of("exists", "Does the gateway know the instance?", "instance.exists",
                ("there", "state"), ("absent", "instance_not_found"), ("not_loaded", "instance_not_loaded"), ("unreadable", "instance_unreadable")),
            Question.Of("state", "In which state is it?", "instance.state",
                ("open", "door"), ("connecting", "phase"), ("close", "sign"), ("refused", "qr_limit"), ("unknown", "unknown")),
            Question.Of("phase", "How does the pairing go?", "pairing.phase",
                ("qr_churn", "qr_expires"), ("no_qr", "qr_absent"), ("stuck", "stuck_connecting"), ("young", "still_connecting")),
            Question.Of("sign", "What does the gateway's log say of it last?", "log.sign",
                ("banned", "number_blocked"), ("replaced", "session_replaced"), ("removed", "logged_out"), ("qr_timeout", "qr_timeout"), ("outdated", "client_outdated"), ("none", "reason")),
            Question.Of("reason", "Why did the session end?", "close.reason",
                ("terminal", "logged_out"), ("replaced", "session_replaced"), ("unpaired", "not_paired"), ("other", "closed")),
            Question.Of("door", "Does its webhook lead to this tenant's address?", "webhook.door",
                ("own", "connected"), ("unknown", "connected"), ("elsewhere", "connected_unheard"), ("none", "connected_unheard")),
        ],
        [
            .. SharedNodes.KeyConclusions, SharedNodes.NotThere, SharedNodes.NotLoaded, SharedNodes.Unreadable, SharedNodes.LoggedOut, SharedNodes.NotPaired,
            new("product_unreadable", Severity.High, "The product's database cannot be read, so what {tenant} should have is not known.", Task: "Run whatsops doctor and mend the connection to the product's database."),
            new("tenant_unknown", Severity.Medium, "The product has no tenant {tenant}; names are exact.", Task: "Look the slug up in the product."),
            new("config_missing", Severity.High, "Instance {instance} is on the gateway, but the product has no WhatsApp row for {tenant}.", Remedy.SaveIntegration),
            new("not_set_up", Severity.Info, "{tenant} has no WhatsApp: neither a row nor an instance.", Task: "Nothing, unless the customer wants it: then activate it in the product."),
            new("switched_off_but_open", Severity.Medium, "{instance} is connected, but the product has the integration switched off: its messages are not sent.", Remedy.SaveIntegration),
            new("switched_off", Severity.Medium, "The product has the integration of {tenant} switched off. It does so by itself on every disconnection, so it may be an outage rather than a choice.",
                Task: "Ask the customer; if it was no choice, run recover-instance."),
            new("qr_expires", Severity.Medium, "QR codes of {instance} are shown over and over and nobody scans one in its 45 seconds; after 30 the gateway gives up.", Remedy.Reauthenticate,
                "Agree on a time with the customer, open the phone's scanner first, then show the code."),
            new("qr_absent", Severity.High, "{instance} is connecting and no QR code appears: the gateway's WhatsApp version may be out of date, or its way to WhatsApp needs a proxy.", Remedy.RecoverInstance,
                "If the runbook shows no code either: set CONFIG_SESSION_PHONE_VERSION of gateway {gateway} to a current version, or give the instance a proxy."),
            new("stuck_connecting", Severity.High, "{instance} hangs in connecting.", Remedy.RestartInstance, "If it hangs again, run recover-instance, which goes on to pairing."),
            new("still_connecting", Severity.Low, "{instance} has been connecting for a short time only.", Task: "Wait a few minutes and diagnose again; if a QR code is shown, scan it."),
            new("qr_limit", Severity.High, "Nobody scanned 30 QR codes of {instance}, and the gateway gave up.", Remedy.Reauthenticate, "Have the customer's phone at hand before the runbook shows a code."),
            new("session_replaced", Severity.High, "Another client took over the session of {instance} (reason 440): two gateways or programs use one account.", Remedy.RecoverInstance,
                "Find and end the other client first, or it takes the session again."),
            new("number_blocked", Severity.High, "WhatsApp has blocked the number of {instance} for a time.",
                Task: "Tell the customer: only WhatsApp lifts it, in the app on the phone. Stop what sent so much. A new number needs a new instance, which the customer decides."),
            new("qr_timeout", Severity.Medium, "QR codes of {instance} were shown, and nobody scanned one in time.", Remedy.Reauthenticate, "Agree on a time with the customer, open the phone's scanner first, then show the code."),
            new("client_outdated", Severity.High, "WhatsApp refuses the version of gateway {gateway} (405): none of its instances will connect again.", Task: "Update the gateway to its newest version."),
            new("closed", Severity.Medium, "{instance} is closed, and nothing says that pairing is lost.", Remedy.Reconnect),
            new("unknown", Severity.High, "{instance} is in a state that WhatsOps does not know.", Remedy.RecoverInstance, "The runbook ends in a reset, which loses the pairing, only when everything milder has failed."),
            new("connected", Severity.Info, "{instance} is connected.", Task: "If the product says otherwise, its page shows old news: reload it, and look at whatsops tenant {tenant}."),
            new("connected_unheard", Severity.High, "{instance} is connected, but its webhook does not lead to this tenant's address: nothing of it is heard.", Remedy.RepairWebhook),
        ]);
}
