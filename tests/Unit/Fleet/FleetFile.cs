using System.Text.Json.Nodes;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>Fleet files to be read, whole and good, and how one is changed.</summary>
internal static class FleetFile
{
    public const string Hash = "sha256:00000000000000000000000000000000000000000000000000000000000000ff";

    /// <summary>A good file of one system, an Evolution with two gateways.</summary>
    public static JsonObject Good() => JsonNode.Parse($$"""
        {
          "systems": [{
            "name": "revalya", "kind": "evolution",
            "gateways": [
              { "name": "one", "url": "http://one.example.com", "apiKey": "${env:KEY_ONE}" },
              { "name": "two", "url": "http://two.example.com/base", "apiKey": "${env:KEY_TWO}" }
            ],
            "tenantDirectory": { "kind": "revalya", "connectionString": "Host=db;Password=${env:PASSWORD}" },
            "webhook": { "baseUrl": "https://w.example.com", "deliverTo": "https://app.example.com/{tenant}", "deliverySecret": "${env:DELIVERY}", "deliverHeaders": { "Authorization": "Bearer ${env:TOKEN}" } },
            "thresholds": {},
            "policies": { "*": "observe", "instance_missing": "approve" },
            "cleanUp": {},
            "maintenanceWindows": [{ "days": ["Sunday"], "from": "03:00", "to": "04:30" }]
          }],
          "alerts": {
            "routes": [
              { "name": "chat", "kind": "slack", "url": "${env:SLACK}", "minSeverity": "high", "fallback": "mail" },
              { "name": "mail", "kind": "email", "to": ["a@example.com"], "from": "w@example.com", "smtp": { "host": "smtp.example.com", "user": "${env:SMTP_USER}", "password": "${env:SMTP_PASSWORD}" } },
              { "name": "hook", "kind": "webhook", "url": "https://h.example.com/in", "secret": "${env:HOOK}", "language": "pt-BR" }
            ],
            "severities": [{ "kind": "run_stuck", "severity": "critical" }],
            "escalation": { "levels": [{ "name": "L1", "routes": ["chat"] }, { "name": "L2", "routes": ["mail", "hook"] }] },
            "contacts": [{ "name": "Host", "role": "servers", "contact": "host@example.com" }],
            "publicUrl": "https://w.example.com"
          },
          "operators": [
            { "name": "ana", "role": "approver", "keyHash": "{{Hash}}" },
            { "name": "rui", "role": "approver", "keyHash": "sha256:00000000000000000000000000000000000000000000000000000000000000fe" }
          ]
        }
        """)!.AsObject();

    public static JsonObject TurboZap()
    {
        var file = Good();
        Set(file, "systems[0].kind", "\"turbozap\"");
        Set(file, "systems[0].tenantDirectory.kind", "\"turbozap\"");
        Set(file, "systems[0].gateways[0].database", "\"${env:TURBOZAP_DATABASE}\"");
        return file;
    }

    public static JsonObject TaktChat()
    {
        var file = Good();
        Set(file, "systems[0].kind", "\"taktchat\"");
        Set(file, "systems[0].tenantDirectory.kind", "\"taktchat\"");
        Set(file, "systems[0].webhook", "{}");
        Set(file, "systems[0].cleanUp", "{}");
        Set(file, "systems[0].gateways", """[{"name":"main","url":"https://api.example.com","accounts":[{"company":1,"email":"${env:A}","password":"${env:B}"},{"company":7,"email":"${env:C}","password":"${env:D}"}]}]""");
        return file;
    }

    /// <summary>Changes what stands at the path, e.g. <c>systems[0].name</c>; <c>-</c> removes it.</summary>
    public static void Set(JsonObject root, string path, string value)
    {
        var parts = path.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
        JsonNode node = root;
        foreach (var part in parts[..^1]) node = node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
        if (value == "-") node.AsObject().Remove(parts[^1]);
        else node[parts[^1]] = JsonNode.Parse(value);
    }

    /// <summary>A change to a good file is one problem, told at its path with a fix and without the secret (hunter2) that it may have.</summary>
    public static void AssertMistake(JsonObject file, string path, string value, string expected)
    {
        Set(file, path, value);
        var problem = Assert.Single(FleetReader.Read(file.ToJsonString()).Problems);
        Assert.StartsWith(expected, problem.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.Fix);
        Assert.DoesNotContain("hunter2", problem.ToString().Replace(path, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
