using System.CommandLine;
using WhatsOps.Cli.Up;

namespace WhatsOps.Cli.Api;

/// <summary>Where WhatsOps is and who is asking: options first, then the environment, then a running `up` of this clone.</summary>
internal sealed class ApiOptions
{
    private readonly Option<string?> _url = new("--url") { Description = "Address of WhatsOps (or WHATSOPS_URL)" };
    private readonly Option<string?> _key = new("--key") { Description = "Your operator key (better: WHATSOPS_KEY, which no process list shows)" };
    private readonly Option<string?> _as = new("--as") { Description = "With a running up: which of its operators asks (requester, approver)" };

    /// <summary>Adds the three options to a command and everything below it.</summary>
    public static ApiOptions AddTo(Command command)
    {
        var options = new ApiOptions();
        foreach (var option in new Option[] { options._url, options._key, options._as })
        {
            option.Recursive = true;
            command.Options.Add(option);
        }

        return options;
    }

    public ApiClient Connect(ParseResult parsed)
    {
        var running = UpState.Read();
        var url = parsed.GetValue(_url) ?? Variable("WHATSOPS_URL");
        var key = parsed.GetValue(_key) ?? Variable("WHATSOPS_KEY");
        if (url is null && running is null)
            throw new CliProblem("No WhatsOps is known.", "start one with ./whatsops up, or say where it is with --url (or WHATSOPS_URL)");
        // Keys of the local fleet are of no use elsewhere, and must not be sent there.
        if (key is null && (url is null || url.TrimEnd('/') == running?.Url)) key = running?.Key(parsed.GetValue(_as));
        return new ApiClient(url ?? running!.Url, key);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
