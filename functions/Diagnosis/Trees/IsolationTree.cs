using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Customers meet (R-067…R-069): the name in the row, who else uses it, and what comes through the tenant's door. A wrong prefix is one violation, not two.</summary>
internal static class IsolationTree
{
    public static Tree Tree { get; } = new("isolation", "Customers are not kept apart", "row",
        [
            Question.Of("row", "Has the product a WhatsApp row for the tenant?", "product.row",
                ("active", "name"), ("inactive", "name"), ("none", "nothing_to_mix"), ("no_tenant", "tenant_unknown"), ("unreadable", "product_unreadable")),
            Question.Of("name", "Is the instance named prefix + slug?", "product.name",
                ("ok", "shared"), ("no_instance_name", "no_instance_name"), ("name_of_another_tenant", "name_of_another_tenant"), ("bare_slug", "invalid_prefix"),
                ("invalid_prefix", "invalid_prefix"), ("slug_mismatch", "slug_mismatch")),
            Question.Of("shared", "Does another tenant's row name the same instance?", "tenant.shared", ("own", "foreign"), ("shared", "shared_instance")),
            Question.Of("foreign", "Did events of a foreign instance come through the tenant's door?", "tenant.foreign", ("none", "door"), ("foreign", "foreign_traffic")),
            Question.Of("door", "Does its webhook lead to this tenant's address?", "webhook.door",
                ("own", "isolated"), ("none", "isolated"), ("unknown", "isolated_as_far_as_seen"), ("elsewhere", "webhook_elsewhere")),
        ],
        [
            new("nothing_to_mix", Severity.Info, "{tenant} has no WhatsApp, so nothing of it can be mixed up."),
            new("tenant_unknown", Severity.Medium, "The product has no tenant {tenant}; names are exact.", Task: "Look the slug up in the product."),
            new("product_unreadable", Severity.High, "The product's database cannot be read, so whose instance is whose is not known.", Task: "Run whatsops doctor and mend the connection to the product's database."),
            new("no_instance_name", Severity.Medium, "The row of {tenant} names no instance; {instance} is expected.", Remedy.SaveIntegration),
            new("name_of_another_tenant", Severity.Critical, "The row of {tenant} names another customer's instance: messages leave from the wrong number.", Remedy.SaveIntegration,
                "Tell whoever answers for privacy: messages may have reached the wrong people. Do not run fix-isolation, it would delete the other customer's instance."),
            new("invalid_prefix", Severity.Medium, "The row of {tenant} names an instance without the prefix; {instance} is expected.", Remedy.FixIsolation, "It must be paired again: agree on a time with the customer."),
            new("slug_mismatch", Severity.Medium, "The row of {tenant} names an instance that is no tenant's; {instance} is expected.", Remedy.FixIsolation, "It must be paired again: agree on a time with the customer."),
            new("shared_instance", Severity.Critical, "Another tenant's row names {instance}, too: their messages leave from one number.", Task: "Diagnose the other tenant and mend its row; this one is named as it should be."),
            new("foreign_traffic", Severity.Critical, "Events of a foreign instance came through the door of {tenant}: that instance's webhook leads here.", Task: "Run repair-webhook for the tenant whose instance it is, then rotate the secret of {tenant}."),
            new("webhook_elsewhere", Severity.High, "The webhook of {instance} leads to another address than this tenant's: its events may reach somebody else.", Remedy.RepairWebhook),
            new("isolated_as_far_as_seen", Severity.Low, "Names and traffic are as they should be, but where the webhook of {instance} leads was not seen.", Task: "Diagnose again when the gateway answers; set webhook.baseUrl in the fleet file if it is missing."),
            new("isolated", Severity.Info, "{tenant} is kept apart: its name, its traffic and its webhook are its own."),
        ]);
}
