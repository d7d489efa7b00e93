using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>What docs/azure.md promises about who gets in, read from the compiled template and from what each parameter file makes of it.</summary>
[Collection("Infra")]
public sealed class SecurityTests(Template template)
{
    // Settings that anybody may read. A new one is put here by somebody who has thought about it.
    private static readonly string[] PlainSettings =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential", "BlobStorageUri", "FleetFile", "OperationsDatabasePool",
    ];

    // Key Vault Secrets User, Storage Blob Data Owner (the host's own account), Storage Blob Data Contributor, Storage Queue Data Contributor,
    // Storage Table Data Contributor, Monitoring Metrics Publisher.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Microsoft.KeyVault/vaults/kv-",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Microsoft.Storage/storageAccounts/sthost",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Microsoft.Storage/storageAccounts/stdata",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Microsoft.Storage/storageAccounts/sthost",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Microsoft.Storage/storageAccounts/sthost",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Microsoft.Insights/components/appi-",
    };

    [BicepFact]
    public void Storage_has_no_public_blob_no_shared_key_and_no_old_TLS() => Each("Microsoft.Storage/storageAccounts", 2, account =>
    {
        Assert.False((bool)account["allowBlobPublicAccess"]!);
        Assert.False((bool)account["allowSharedKeyAccess"]!);
        Assert.False((bool)account["allowCrossTenantReplication"]!);
        Assert.True((bool)account["supportsHttpsTrafficOnly"]!);
        Assert.Equal("TLS1_2", (string)account["minimumTlsVersion"]!);
    });

    [BicepFact]
    public void Every_container_of_blobs_is_private() =>
        Each("Microsoft.Storage/storageAccounts/blobServices/containers", 2, container => Assert.Equal("None", (string)container["publicAccess"]!));

    [BicepFact]
    public void The_app_takes_HTTPS_of_TLS_1_2_and_no_password()
    {
        Each("Microsoft.Web/sites", 1, site =>
        {
            Assert.True((bool)site["httpsOnly"]!);
            Assert.Equal("1.2", (string)site["siteConfig"]!["minTlsVersion"]!);
            Assert.Equal("1.2", (string)site["siteConfig"]!["scmMinTlsVersion"]!);
            Assert.Equal("Disabled", (string)site["siteConfig"]!["ftpsState"]!);
            Assert.Equal("UserAssignedIdentity", (string)site["functionAppConfig"]!["deployment"]!["storage"]!["authentication"]!["type"]!);
        });
        Each("Microsoft.Web/sites/basicPublishingCredentialsPolicies", 2, policy => Assert.False((bool)policy["allow"]!));
    }

    [BicepFact]
    public void The_database_takes_TLS_1_2_or_newer() => Each("Microsoft.DBforPostgreSQL/flexibleServers/configurations", 1, setting => Assert.Equal("TLSv1.2", (string)setting["value"]!));

    [BicepFact]
    public void The_vault_goes_by_roles_and_nobody_can_destroy_a_secret_for_ninety_days() => Each("Microsoft.KeyVault/vaults", 1, vault =>
    {
        Assert.True((bool)vault["enableRbacAuthorization"]!);
        Assert.True((bool)vault["enablePurgeProtection"]!);
        Assert.Equal(90, (int)vault["softDeleteRetentionInDays"]!);
    });

    [BicepFact]
    public void Telemetry_is_taken_from_identities_only()
    {
        Each("Microsoft.Insights/components", 1, insights => Assert.True((bool)insights["DisableLocalAuth"]!));
        Each("Microsoft.OperationalInsights/workspaces", 1, workspace => Assert.True((bool)workspace["features"]!["disableLocalAuth"]!));
    }

    [BicepFact]
    public void The_template_asks_for_no_key_of_any_service() => Assert.DoesNotMatch(@"(?i)\blist[a-z]*\(", template.Main.Text!);

    [BicepFact]
    public void No_output_of_the_template_or_of_a_module_is_or_holds_a_secret()
    {
        var outputs = Objects(template.Arm).Where(node => node.ContainsKey("$schema")).SelectMany(node => node["outputs"]?.AsObject() ?? []).ToArray();
        Assert.True(outputs.Length > 10, "The outputs were not found.");
        Assert.All(outputs, output =>
        {
            Assert.DoesNotContain("secure", (string)output.Value!["type"]!, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(?i)password|secret|accountKey|sharedKey|primaryKey|instrumentationKey", output.Key + " " + output.Value["value"]!.ToJsonString());
        });
    }

    [BicepFact]
    public void Every_parameter_that_carries_a_secret_is_secure_and_none_has_a_default_that_could_be_guessed()
    {
        var parameters = Objects(template.Arm).Where(node => node.ContainsKey("$schema")).SelectMany(node => node["parameters"]?.AsObject() ?? []).ToArray();
        var secret = parameters.Where(parameter => Regex.IsMatch(parameter.Key, "(?i)^(newPassword|password|value|.*key|.*secret)$")).ToArray();
        Assert.Contains(secret, parameter => parameter.Key == "newPassword");
        Assert.All(secret, parameter =>
        {
            Assert.Equal("securestring", (string)parameter.Value!["type"]!);
            Assert.True(parameter.Value["defaultValue"] is not { } made || (string)made! == "[newGuid()]", parameter.Key);
        });
    }

    [BicepFact]
    public void Every_setting_is_a_reference_into_the_vault_or_known_to_be_no_secret() => Each("Microsoft.Web/sites/config", 1, settings =>
    {
        var references = settings.Where(setting => setting.Value!.ToString().Contains("@Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal)).Select(setting => setting.Key);
        Assert.Equal(["DataKey", "EVOLUTION_API_KEY", "OperationsDatabase", "REVALYA_DATABASE", "SMTP_PASSWORD"], references.Order(StringComparer.Ordinal));
        Assert.Equal(PlainSettings, settings.Select(setting => setting.Key).Except(references).Order(StringComparer.Ordinal));
    });

    [BicepFact]
    public void The_app_has_the_roles_it_needs_each_on_one_service_and_no_other()
    {
        foreach (var environment in Template.Environments)
        {
            var given = template.Resources(environment, "Microsoft.Authorization/roleAssignments");
            Assert.Equal(Roles.Keys.Order(StringComparer.Ordinal), given.Select(RoleOf).Order(StringComparer.Ordinal));
            Assert.All(given, assignment => Assert.Contains(Roles[RoleOf(assignment)], (string)assignment["id"]!, StringComparison.Ordinal));
        }

        static string RoleOf(JsonObject assignment) => ((string)assignment["properties"]!["roleDefinitionId"]!).Split('/')[^1];
    }

    [BicepFact]
    public void Production_is_reached_by_private_addresses_and_the_vault_by_its_administrator_too()
    {
        string[] hidden = ["Microsoft.Storage/storageAccounts", "Microsoft.DBforPostgreSQL/flexibleServers"];
        Assert.All(template.Resources("prod").Where(resource => hidden.Contains((string)resource["type"]!)), resource =>
            Assert.Equal("Disabled", (string?)(resource["properties"]!["publicNetworkAccess"] ?? resource["properties"]!["network"]!["publicNetworkAccess"])));
        Assert.Empty(template.Resources("prod", "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules"));
        var vault = template.Resources("prod", "Microsoft.KeyVault/vaults").Single()["properties"]!["networkAcls"]!;
        Assert.Equal("Deny", (string)vault["defaultAction"]!);
        Assert.Equal("203.0.113.7", (string)vault["ipRules"]!.AsArray().Single()!["value"]!);
        Assert.Equal(
            ["blob", "blob", "postgresqlServer", "queue", "table", "vault"],
            template.Resources("prod", "Microsoft.Network/privateEndpoints")
                .Select(endpoint => (string)endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0]!).Order(StringComparer.Ordinal));
    }

    // In every environment: as many of the type as there should be, so that a check that looks at nothing fails.
    private void Each(string type, int count, Action<JsonObject> check)
    {
        foreach (var environment in Template.Environments)
        {
            var found = template.Resources(environment, type);
            Assert.Equal(count, found.Count);
            Assert.All(found, resource => check(resource["properties"]!.AsObject()));
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject all => all.Select(property => property.Value).SelectMany(Objects).Prepend(all),
        JsonArray all => all.SelectMany(Objects),
        _ => [],
    };
}
