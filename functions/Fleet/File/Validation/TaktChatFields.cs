using System.Globalization;

namespace WhatsOps.Fleet;

/// <summary>What a system of kind taktchat must have, and what it cannot.</summary>
internal static class TaktChatFields
{
    public static void Check(FleetSystem system, string path, FleetProblems problems)
    {
        for (var index = 0; index < system.Gateways.Count; index++) Gateway(system.Gateways[index], $"{path}.gateways[{index}]", problems);
        if (system.TenantDirectory is { Kind: "revalya" }) problems.Add($"{path}.tenantDirectory.kind", "is revalya in a system of kind taktchat, whose companies are in its own database", "use taktchat");
        // A prefix would be in no name: they are made of the numbers of company and connection.
        if (system.InstancePrefix.Length > 0) problems.Add($"{path}.instancePrefix", "is in no name of a TaktChat's connections, which are called COMPANY-CONNECTION", "leave it out");
        if (system.Webhook.BaseUrl is not null || system.Webhook.DeliverTo is not null)
            problems.Add($"{path}.webhook", "is never called: TaktChat tells the events of its connections to its own product only", "leave it out");
        if (system.Redis is not null) problems.Add($"{path}.redis", "is about Evolution's sessions", "describe TaktChat's Redis under watch.redis");
        if (system.IsolationTest is not null) problems.Add($"{path}.isolationTest", "is an attempt on Evolution's routes, which a system of kind taktchat does not have", "leave it out");
        if (system.Canary is not null) problems.Add($"{path}.canary", "needs messages to oneself, and TaktChat wants the token of the connection for those, which WhatsOps does not read", "leave it out");
    }

    private static void Gateway(GatewayEndpoint gateway, string path, FleetProblems problems)
    {
        if (gateway.ApiKey.Length > 0) problems.Add($"{path}.apiKey", "is no way into a TaktChat, which knows accounts only", "leave it out, and name accounts");
        if (gateway.Accounts.Count == 0) problems.Add($"{path}.accounts", "names nobody to log in as", "make a user for WhatsOps in TaktChat and name its company, email and password");
        FleetRules.Unique(gateway.Accounts, account => account.Company.ToString(CultureInfo.InvariantCulture), $"{path}.accounts", "company", problems);
        for (var index = 0; index < gateway.Accounts.Count; index++)
        {
            var account = gateway.Accounts[index];
            FleetRules.Range(account.Company, 1, int.MaxValue, $"{path}.accounts[{index}].company", problems);
            FleetRules.Secret(account.Email, $"{path}.accounts[{index}].email", "${env:TAKTCHAT_EMAIL}", problems);
            FleetRules.Secret(account.Password, $"{path}.accounts[{index}].password", "${env:TAKTCHAT_PASSWORD}", problems);
        }
    }
}
