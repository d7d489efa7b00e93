using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TaktChat;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <summary>The dialect of a system's kind.</summary>
internal static class GatewayDialects
{
    public static GatewayDialect Evolution { get; } = new("an Evolution API", "apikey", EvolutionErrors.FromBody);

    /// <summary>403 is read, too: TurboZap answers it with a success's body to what it has done (<see cref="TurboZapReader"/>).</summary>
    public static GatewayDialect TurboZap { get; } = new("a TurboZap API", "X-API-Key", TurboZapReader.ErrorOf, AlsoReads: 403);

    public static GatewayDialect TaktChat { get; } = new("a TaktChat", "Authorization", TaktChatErrors.FromBody, KeyScheme: "Bearer ");

    /// <summary>The gateway's own setting that holds its global key, for what a person should do about it.</summary>
    public static string KeySettingOf(string kind) => kind == SystemKinds.TurboZap ? "API_KEY" : "AUTHENTICATION_API_KEY";

    /// <summary>Where the gateway lists its instances, for the same.</summary>
    public static string ListOf(string kind) => kind switch
    {
        SystemKinds.TurboZap => "/api/instance/list",
        SystemKinds.TaktChat => "/whatsapp/all",
        _ => "/instance/fetchInstances",
    };

    /// <exception cref="ProblemException">409: systems of this kind have no gateways that WhatsOps speaks with.</exception>
    public static GatewayDialect Of(FleetSystem system) => system.Kind switch
    {
        SystemKinds.Evolution => Evolution,
        SystemKinds.TurboZap => TurboZap,
        SystemKinds.TaktChat => TaktChat,
        _ => throw new ProblemException(409, $"System {system.Name} is of kind {system.Kind}, which has no gateway client.", null, $"Use kind {string.Join(" or ", SystemKinds.WithGateways)}."),
    };
}
