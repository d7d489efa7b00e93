using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>A declaration writes its calls as Evolution has them; a plan for another gateway shows what is called there.</summary>
internal static partial class PlannedCalls
{
    public static string In(string kind, string call) => kind == SystemKinds.TurboZap
        ? Evolution().Replace(call.Replace(" (with ?number= where one is given)", "", StringComparison.Ordinal).Replace("PUT on 1.x; ", "", StringComparison.Ordinal), TurboZap)
        : call;

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

    [GeneratedRegex(@"(GET|POST|PUT|DELETE) /(?<route>instance/(fetchInstances|connectionState|connect|create|restart|logout|delete)|webhook/(find|set))(/(?<name>\{\w+\}))?", RegexOptions.CultureInvariant)]
    private static partial Regex Evolution();
}
