using System.Net;
using System.Text.RegularExpressions;

namespace WhatsOps.Fleet;

/// <summary>What each kind of route needs, and what means nothing to it.</summary>
internal static partial class RouteFields
{
    private static readonly string[] Kinds = ["slack", "email", "sms", "webhook", "log"];

    public static void Check(AlertRoute route, string path, FleetProblems problems)
    {
        if (!Kinds.Contains(route.Kind))
        {
            problems.Add($"{path}.kind", "is no kind of route", "use slack, email, sms, webhook or log");
            return;
        }

        if (route.Kind == "slack") FleetRules.Secret(route.Url ?? "", $"{path}.url", "${env:SLACK_WEBHOOK_URL}", problems);
        if (route.Kind == "webhook") Webhook(route, path, problems);
        if (route.Kind == "email") Email(route, path, problems);
        if (route.Kind == "sms") Sms(route, path, problems);
        foreach (var (name, isSet, kinds) in (IEnumerable<(string, bool, string[])>)
        [
            ("url", route.Url is not null, ["slack", "sms", "webhook"]),
            ("user", route.User is not null, ["sms"]),
            ("secret", route.Secret is not null, ["sms", "webhook"]),
            ("to", route.To.Count > 0, ["email", "sms"]),
            ("from", route.From is not null, ["email", "sms"]),
            ("smtp", route.Smtp is not null, ["email"]),
        ])
            if (isSet && !kinds.Contains(route.Kind)) problems.Add($"{path}.{name}", $"means nothing for a {route.Kind} route", $"remove it, or make kind {string.Join(" or ", kinds)}");
    }

    private static void Webhook(AlertRoute route, string path, FleetProblems problems)
    {
        if (route.Url is null) problems.Add($"{path}.url", "is missing", "write the receiver's URL, or a reference to it");
        else FleetRules.Url(route.Url, $"{path}.url", problems, "or a reference like ${env:ALERT_WEBHOOK_URL}");
        FleetRules.Secret(route.Secret ?? "", $"{path}.secret", "${env:ALERT_WEBHOOK_SECRET}", problems);
    }

    private static void Sms(AlertRoute route, string path, FleetProblems problems)
    {
        if (route.Url is null) problems.Add($"{path}.url", "is missing", "write https://api.twilio.com/2010-04-01/Accounts/YOUR_SID/Messages.json, or a reference to it");
        else FleetRules.Url(route.Url, $"{path}.url", problems, "or a reference like ${env:SMS_URL}");
        FleetRules.Secret(route.User ?? "", $"{path}.user", "${env:SMS_ACCOUNT}", problems);
        FleetRules.Secret(route.Secret ?? "", $"{path}.secret", "${env:SMS_TOKEN}", problems);
        if (route.To.Count != 1) problems.Add($"{path}.to", "does not name one number", "write one; a second person is a second route, so that a retry reaches nobody twice");
        else Number(route.To[0], $"{path}.to[0]", problems);
        Number(route.From ?? "", $"{path}.from", problems);
        if (route.MinSeverity < Severity.High) problems.Add($"{path}.minSeverity", "would wake people for what can wait, at a price each", "write critical, or high");
    }

    private static void Number(string number, string path, FleetProblems problems)
    {
        if (!PhoneNumber().IsMatch(number)) problems.Add(path, number.Length == 0 ? "is missing" : "is no international number", "write one like +5511999990000");
    }

    private static void Email(AlertRoute route, string path, FleetProblems problems)
    {
        if (route.To.Count == 0) problems.Add($"{path}.to", "names nobody", "write at least one address");
        for (var index = 0; index < route.To.Count; index++) Address(route.To[index], $"{path}.to[{index}]", problems);
        Address(route.From ?? "", $"{path}.from", problems);
        if (route.Smtp is not { } smtp)
        {
            problems.Add($"{path}.smtp", "is missing", "write { \"host\": \"smtp.example.com\", \"user\": \"${env:SMTP_USER}\", \"password\": \"${env:SMTP_PASSWORD}\" }");
            return;
        }

        if (Uri.CheckHostName(smtp.Host) == UriHostNameType.Unknown) problems.Add($"{path}.smtp.host", "is no name of a server", "write one like smtp.example.com; the port stands beside it");
        FleetRules.Range(smtp.Port, 1, 65535, $"{path}.smtp.port", problems);
        if ((smtp.User is null) != (smtp.Password is null)) problems.Add($"{path}.smtp", "has a user without a password, or the other way round", "give both, or neither");
        if (smtp.User is { } user) FleetRules.Secret(user, $"{path}.smtp.user", "${env:SMTP_USER}", problems);
        if (smtp.Password is { } password) FleetRules.Secret(password, $"{path}.smtp.password", "${env:SMTP_PASSWORD}", problems);
        if (smtp is { Security: SmtpSecurity.None, User: not null } && !IsThisMachine(smtp.Host))
            problems.Add($"{path}.smtp.security", "would send the password in clear", "use starttls or tls, or a server that asks for no login");
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static void Address(string address, string path, FleetProblems problems)
    {
        if (!MailAddress().IsMatch(address)) problems.Add(path, address.Length == 0 ? "is missing" : "is no e-mail address", "write one like on-call@example.com");
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{7,14}$", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumber();

    // Strict enough that nothing in it can end a command or a header.
    [GeneratedRegex(@"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex MailAddress();
}
