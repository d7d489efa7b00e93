using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>A declaration writes its calls as Evolution has them; a plan for another gateway shows what is called there.</summary>
internal static partial class PlannedCalls
{
    /// <summary>The place of a TaktChat's number of a connection.</summary>
    public const string Connection = "{connection}";

    public static string In(string kind, string call) => kind switch
    {
        SystemKinds.TurboZap => Evolution().Replace(WithoutVersions(call), TurboZap),
        SystemKinds.TaktChat => Rows().Replace(Evolution().Replace(call == "GET /" ? "GET /version" : WithoutVersions(call), TaktChat), row => row.Value.StartsWith("SELECT", StringComparison.Ordinal)
            ? "SELECT \"Whatsapps\"" : "nothing written: \"Whatsapps\" is TaktChat's own"),
        _ => call,
    };

    private static string WithoutVersions(string call) =>
        call.Replace(" (with ?number= where one is given)", "", StringComparison.Ordinal).Replace("PUT on 1.x; ", "", StringComparison.Ordinal);

    private static string TurboZap(Match call)
    {
        var name = call.Groups["name"].Value;
        return call.Groups["route"].Value switch
        {
            // The state is two looks: the API's word and the row that says whether it lives.
            "instance/fetchInstances" => "GET /api/instance/list, SELECT instances",
            "instance/connectionState" => $"GET /api/instance/{name}/status, SELECT instances",
            "instance/connect" => $"POST /api/instance/{name}/connect, GET /api/instance/{name}/qrcode",
            "instance/create" => "POST /api/instance/create",
            "instance/restart" => $"PUT /api/instance/{name}/restart",
            "instance/logout" => $"POST /api/instance/{name}/logout",
            "instance/delete" => $"DELETE /api/instance/{name}",
            "webhook/find" => $"GET /api/webhook/{name}/",
            _ => $"POST /api/webhook/{name}/set",
        };
    }

    private static string TaktChat(Match call) => call.Groups["route"].Value switch
    {
        "instance/fetchInstances" => "GET /whatsapp/all?session=0",
        "instance/connectionState" => "GET /whatsapp/?session=0",
        "instance/connect" => $"GET /whatsapp/{Connection}, POST /whatsappsession/{Connection} where it is down, PUT where its session was wiped",
        "instance/restart" => $"POST /whatsappsession/{Connection} where it is down, POST /whatsapp-restart/ where it is connected and its company's only one",
        "instance/logout" => $"DELETE /whatsappsession/{Connection}",
        // What needs these is refused there.
        _ => "nothing",
    };

    [GeneratedRegex(@"(GET|POST|PUT|DELETE) /(?<route>instance/(fetchInstances|connectionState|connect|create|restart|logout|delete)|webhook/(find|set))(/(?<name>\{\w+\}))?", RegexOptions.CultureInvariant)]
    private static partial Regex Evolution();

    [GeneratedRegex("(SELECT|UPDATE) tenant_integrations.*", RegexOptions.CultureInvariant)]
    private static partial Regex Rows();
}
