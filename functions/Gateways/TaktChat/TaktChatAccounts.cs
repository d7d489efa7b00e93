using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>Which account may act on which connection: TaktChat scopes its session calls to the company of whoever is logged in.</summary>
internal static class TaktChatAccounts
{
    /// <summary>Null: none of that company is given.</summary>
    public static GatewayAccount? Of(GatewayEndpoint gateway, int company) => gateway.Accounts.FirstOrDefault(account => account.Company == company);

    /// <summary>Why nothing can be done to a connection; null: something can, or it is no connection of a TaktChat.</summary>
    public static string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway, string instance) =>
        system.Kind == SystemKinds.TaktChat && gateway is not null && TaktChatConnection.Parse(instance) is { } place && Of(gateway, place.Company) is null ? Missing(gateway, place.Company) : null;

    public static string Missing(GatewayEndpoint gateway, int company) => string.Create(
        CultureInfo.InvariantCulture, $"gateway {gateway.Name} has no account of company {company}, and TaktChat lets an account act on its own company's connections only: add one to gateways[].accounts");
}
