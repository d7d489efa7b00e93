using System.Data.Common;
using System.Text.RegularExpressions;
using Cronos;

namespace WhatsOps.Fleet;

/// <summary>What a well-shaped fleet file must also obey. Every rule names its path and a fix, and no rule quotes a secret.</summary>
internal static partial class FleetRules
{
    private const string NameFix = "use lower-case letters, digits and -, starting with a letter, at most 40";

    public static void Check(FleetDocument document, FleetProblems problems)
    {
        if (document.Systems.Count == 0) problems.Add("$.systems", "names no system", "describe at least one, as fleet.sample.json does");
        Unique(document.Systems, system => system.Name, "$.systems", "name", problems);
        for (var index = 0; index < document.Systems.Count; index++) System(document.Systems[index], $"$.systems[{index}]", problems);
        ReleaseFields.CheckStrangers(document, problems);
        AlertRules.Check(document, problems);
        Operators(document.Operators, problems);
    }

    private static void System(FleetSystem system, string path, FleetProblems problems)
    {
        Name(system.Name, $"{path}.name", problems);
        if (!SystemKinds.All.Contains(system.Kind)) problems.Add($"{path}.kind", "is not a kind of system that WhatsOps knows", $"use one of {string.Join(", ", SystemKinds.All)}");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(system.TimeZone, out _)) problems.Add($"{path}.timeZone", "is no IANA time zone", "write one like America/Sao_Paulo or Europe/Lisbon");
        if (!Prefix().IsMatch(system.InstancePrefix)) problems.Add($"{path}.instancePrefix", "has letters that no instance name should have", "use letters, digits, . _ and -");
        Gateways(system, $"{path}.gateways", problems);
        if (system.TenantDirectory is { } directory) Directory(directory, $"{path}.tenantDirectory", problems);
        Webhook(system, $"{path}.webhook", problems);
        Thresholds(system.Thresholds, $"{path}.thresholds", problems);
        foreach (var kind in system.Policies.Keys.Where(kind => kind != "*" && !KnownFindingKinds.All.Contains(kind)))
            problems.Add($"{path}.policies.{kind}", "is no kind of finding", NearestName.Of(kind, KnownFindingKinds.All) is { } nearest ? $"did you mean {nearest}?" : "see docs/fleet-file.md for the kinds, or use * for the rest");
        foreach (var table in system.CleanUp.Keys.Where(table => !CleanUpTables.All.Contains(table)))
            problems.Add($"{path}.cleanUp.{table}", "is no table that clean-up knows", NearestName.Of(table, CleanUpTables.All) is { } nearest ? $"did you mean {nearest}?" : $"known: {string.Join(", ", CleanUpTables.All)}");
        foreach (var (routine, schedule) in system.Schedules) Schedule(routine, schedule, $"{path}.schedules.{routine}", problems);
        if (system.Kind == SystemKinds.TurboZap) TurboZap(system, path, problems);
        if (system.Kind == SystemKinds.TaktChat) TaktChatFields.Check(system, path, problems);
        if (system.TenantDirectory is { Kind: SystemKinds.TurboZap or SystemKinds.TaktChat } own)
        {
            if (system.Kind != own.Kind) problems.Add($"{path}.tenantDirectory.kind", $"is {own.Kind} in a system of kind {system.Kind}", $"use revalya, or kind {own.Kind} for the system");
            if (system.CleanUp.Count > 0) problems.Add($"{path}.cleanUp", $"is about tables that a {(own.Kind == SystemKinds.TurboZap ? "TurboZap" : "TaktChat")} does not have", "leave it out");
        }

        MetaFields.Check(system, $"{path}.meta", problems);
        if (system.Redis is { } redis) Redis(redis, $"{path}.redis", problems);
        if (system.Watch is { } watch) WatchFields.Check(watch, $"{path}.watch", problems);
        if (system.Backup is { } backup) BackupRules.Check(backup, $"{path}.backup", problems);
        if (system.IsolationTest is { } test) IsolationTest(test, $"{path}.isolationTest", problems);
        if (system.Canary is { } canary) Canary(canary, $"{path}.canary", problems);
        Range(system.ActionsPerHour, 0, 1000, $"{path}.actionsPerHour", problems);
        for (var index = 0; index < system.MaintenanceWindows.Count; index++)
            if (system.MaintenanceWindows[index] is var window && window.From == window.To)
                problems.Add($"{path}.maintenanceWindows[{index}].to", "equals from, so the window is empty or a whole day", "give another end; an end before the start means the next day");
    }

    private static void Schedule(string routine, string schedule, string path, FleetProblems problems)
    {
        if (!KnownRoutines.All.Contains(routine))
            problems.Add(path, "is no routine", NearestName.Of(routine, KnownRoutines.All) is { } nearest ? $"did you mean {nearest}?" : "whatsops routines lists them");
        if (schedule != "off" && !CronExpression.TryParse(schedule, out _))
            problems.Add(path, "is no schedule", "write five cron fields in the system's time zone, like 0 6 * * *, or off");
    }

    private static void Redis(RedisOptions redis, string path, FleetProblems problems)
    {
        Secret(redis.ConnectionString, $"{path}.connectionString", "${env:EVOLUTION_REDIS}", problems);
        // Redis searches by patterns: a star here would look at somebody else's keys.
        if (redis.Prefix.Length == 0 || !RedisPrefix().IsMatch(redis.Prefix)) problems.Add($"{path}.prefix", "is no prefix of keys", "write the gateways' CACHE_REDIS_PREFIX_KEY: letters, digits, : . _ and -");
    }

    private static void IsolationTest(IsolationTestOptions test, string path, FleetProblems problems)
    {
        if (test.Instances.Count != 2 || test.Instances.Any(string.IsNullOrWhiteSpace) || test.Instances.Distinct(StringComparer.Ordinal).Count() != 2)
            problems.Add($"{path}.instances", "does not name two instances", "name two instances of your own on the same gateway, made for this test");
    }

    private static void Canary(CanaryOptions canary, string path, FleetProblems problems)
    {
        if (string.IsNullOrWhiteSpace(canary.Text) || canary.Text.Length > 500) problems.Add($"{path}.text", "is empty or longer than 500 characters", "write a short sentence, since the line's owner reads it, or leave it out for the default");
        Range(canary.WaitSeconds, 10, 3600, $"{path}.waitSeconds", problems);
        Range(canary.PerHour, 1, 1000, $"{path}.perHour", problems);
        Range(canary.PerInstanceHours, 1, 168, $"{path}.perInstanceHours", problems);
    }

    private static void Gateways(FleetSystem system, string path, FleetProblems problems)
    {
        var gateways = system.Gateways;
        if (gateways.Count == 0 && system.Kind == SystemKinds.Evolution) problems.Add(path, "names no gateway", "add at least one with name, url and apiKey");
        var isWatchedOnly = SystemKinds.All.Contains(system.Kind) && !SystemKinds.WithGateways.Contains(system.Kind);
        if (gateways.Count > 0 && isWatchedOnly) problems.Add(path, $"stands in a system of kind {system.Kind}, whose gateways WhatsOps does not speak", "leave them out, and describe what is to be looked at under watch");
        if (gateways.Count == 0 && system.Kind != SystemKinds.Evolution && SystemKinds.All.Contains(system.Kind) && system.Watch is null)
            problems.Add(path.Replace(".gateways", ".watch", StringComparison.Ordinal), "is missing, so nothing of this system would be looked at", "name its endpoints, as docs/watch.md shows");
        Unique(gateways, gateway => gateway.Name, path, "name", problems);
        Unique(gateways, gateway => gateway.Url.TrimEnd('/'), path, "url", problems);
        for (var index = 0; index < gateways.Count; index++)
        {
            Name(gateways[index].Name, $"{path}[{index}].name", problems);
            Url(gateways[index].Url, $"{path}[{index}].url", problems);
            if (system.Kind != SystemKinds.TaktChat)
            {
                Secret(gateways[index].ApiKey, $"{path}[{index}].apiKey", system.Kind == SystemKinds.TurboZap ? "${env:TURBOZAP_API_KEY}" : "${env:EVOLUTION_API_KEY}", problems);
                if (gateways[index].Accounts.Count > 0) problems.Add($"{path}[{index}].accounts", $"are not logged in with in a system of kind {system.Kind}, which has a key", "leave them out");
            }

            if (gateways[index].Database is not { } database) continue;
            if (system.Kind != SystemKinds.TurboZap) problems.Add($"{path}[{index}].database", $"is not looked at in a system of kind {system.Kind}: its API tells whether an instance is connected", "leave it out");
            else ConnectionString(database, $"{path}[{index}].database", "${env:TURBOZAP_DATABASE}", problems);
        }
    }

    private static void Directory(TenantDirectoryOptions directory, string path, FleetProblems problems)
    {
        if (directory.Kind is not ("revalya" or SystemKinds.TurboZap or SystemKinds.TaktChat)) problems.Add($"{path}.kind", "is not a tenant directory that WhatsOps knows", "use revalya, turbozap or taktchat");
        if (!Identifier().IsMatch(directory.Schema)) problems.Add($"{path}.schema", "is no name of a schema", "use letters, digits and _");
        ConnectionString(directory.ConnectionString, $"{path}.connectionString", directory.Kind switch
        {
            SystemKinds.TurboZap => "${env:TURBOZAP_DATABASE}",
            SystemKinds.TaktChat => "${env:TAKTCHAT_DATABASE}",
            _ => "${env:REVALYA_DATABASE}",
        }, problems);
        if (directory is { SupabaseUrl: null, SupabaseKey: null }) return;
        if (directory.Kind is SystemKinds.TurboZap or SystemKinds.TaktChat) problems.Add($"{path}.supabaseUrl", $"stands in a directory of kind {directory.Kind}, which has no Supabase", "leave it and supabaseKey out");
        if (directory.SupabaseUrl is null) problems.Add($"{path}.supabaseUrl", "is missing beside supabaseKey", "write the project's address, like https://abcd.supabase.co, or leave both out");
        else Url(directory.SupabaseUrl, $"{path}.supabaseUrl", problems);
        Secret(directory.SupabaseKey ?? "", $"{path}.supabaseKey", "${env:SUPABASE_KEY}", problems);
    }

    private static void ConnectionString(string text, string path, string example, FleetProblems problems)
    {
        if (References.IsReference(text)) return;
        // Host and database may stand in the file; the password may not.
        if (PasswordOf(text) is not { } password)
            problems.Add(path, "is neither a reference nor a connection string", $"write {example} and set that in the environment");
        else if (password.Length > 0 && !References.IsReference(password))
            problems.Add(path, "holds a password in clear", $"write {example}, or Password=${{env:NAME}} in it; change that password, since the file had it");
    }

    private static void TurboZap(FleetSystem system, string path, FleetProblems problems)
    {
        if (system.Redis is not null) problems.Add($"{path}.redis", "is not looked at in a system of kind turbozap, whose sessions are in its database", "leave it out");
        if (system.IsolationTest is not null) problems.Add($"{path}.isolationTest", "is an attempt on Evolution's routes, which a system of kind turbozap does not have", "leave it out");
    }

    private static void Webhook(FleetSystem system, string path, FleetProblems problems)
    {
        var webhook = system.Webhook;
        if (webhook.BaseUrl is { } baseUrl) Url(baseUrl, $"{path}.baseUrl", problems);
        Delivery(webhook, path, problems);
        // An empty list means every event to Evolution, message history included.
        foreach (var needed in WebhookEvents.Needed.Where(name => !webhook.Events.Contains(name)))
            problems.Add($"{path}.events", $"lacks {needed}, without which states are not seen", "add it");
        // Nobody wrote the default list, which is Evolution's: what TurboZap does not have of it is left out.
        if (webhook.Events.SequenceEqual(WebhookOptions.Usual)) return;
        var known = WebhookEvents.Of(system.Kind);
        for (var index = 0; index < webhook.Events.Count; index++)
            if (!known.Contains(webhook.Events[index]))
                problems.Add($"{path}.events[{index}]", $"is no event of {(system.Kind == SystemKinds.TurboZap ? "TurboZap" : "Evolution")}", NearestName.Of(webhook.Events[index], known) is { } nearest ? $"did you mean {nearest}?" : "use UPPER_SNAKE names such as CONNECTION_UPDATE");
    }

    private static void Delivery(WebhookOptions webhook, string path, FleetProblems problems)
    {
        if (!webhook.Forwards()) return;
        var target = webhook.DeliverTo!.Replace(WebhookOptions.TenantPlace, "tenant", StringComparison.Ordinal);
        Url(target, $"{path}.deliverTo", problems, "or write none");
        if (webhook.BaseUrl is { } own && target.StartsWith($"{own.TrimEnd('/')}/api/whatsapp/webhook", StringComparison.OrdinalIgnoreCase))
            problems.Add($"{path}.deliverTo", "is WhatsOps' own receiver, so every event would go round for ever", "write the product's endpoint, or none");
        Secret(webhook.DeliverySecret ?? "", $"{path}.deliverySecret", "${env:DELIVERY_SECRET}", problems);
        Headers(webhook.DeliverHeaders, $"{path}.deliverHeaders", problems);
    }

    private static void Thresholds(SystemThresholds thresholds, string path, FleetProblems problems)
    {
        Range(thresholds.ConnectingMinutes, 1, 1440, $"{path}.connectingMinutes", problems);
        Range(thresholds.Disconnections, 1, 1000, $"{path}.disconnections", problems);
        Range(thresholds.DisconnectionWindowHours, 1, 168, $"{path}.disconnectionWindowHours", problems);
        Range(thresholds.QrCodesPerHour, 1, 1000, $"{path}.qrCodesPerHour", problems);
        // Evolution's own limit: a code beyond it never comes.
        Range(thresholds.QrBudget, 1, 30, $"{path}.qrBudget", problems);
        Range(thresholds.InactiveSeenOpenDays, 0, 365, $"{path}.inactiveSeenOpenDays", problems);
        Range(thresholds.GoodObservationsToClose, 1, 100, $"{path}.goodObservationsToClose", problems);
        Range(thresholds.CorrelatedFailurePercent, 1, 100, $"{path}.correlatedFailurePercent", problems);
        Range(thresholds.OrphanQuarantineDays, 1, 365, $"{path}.orphanQuarantineDays", problems);
        Range(thresholds.SilentMinutes, 1, 10080, $"{path}.silentMinutes", problems);
        Range(thresholds.SuspectsPerGateway, 0, 1000, $"{path}.suspectsPerGateway", problems);
        Range(thresholds.StaleHours, 1, 8760, $"{path}.staleHours", problems);
        Range(thresholds.DeliveryLagMinutes, 1, 1440, $"{path}.deliveryLagMinutes", problems);
        Range(thresholds.GatewayAnswerSeconds, 1, 60, $"{path}.gatewayAnswerSeconds", problems);
        // A sweep starts every 5 minutes.
        Range(thresholds.SweepDeadlineSeconds, 10, 280, $"{path}.sweepDeadlineSeconds", problems);
        Range(thresholds.SlowResponseMs, 1, 600_000, $"{path}.slowResponseMs", problems);
        Range(thresholds.SuccessPercent, 0, 100, $"{path}.successPercent", problems);
        Range(thresholds.StorageGrowthPercent, 1, 10_000, $"{path}.storageGrowthPercent", problems);
        Range(thresholds.SlaPercent ?? 0, 0, 100, $"{path}.slaPercent", problems);
    }

    private static void Operators(IReadOnlyList<Operator> operators, FleetProblems problems)
    {
        // Nobody else may ever apply the next version.
        if (!operators.Any(person => person.Role == OperatorRole.Approver))
            problems.Add("$.operators", "names no approver, so nobody could apply the next file", "add one with role approver; whatsops operator key NAME makes the key and its hash");
        // Two spellings of one name would let one person ask for a run and approve it.
        Unique(operators, person => person.Name.Trim().ToUpperInvariant(), "$.operators", "name", problems);
        Unique(operators, person => person.KeyHash.ToLowerInvariant(), "$.operators", "keyHash", problems);
        for (var index = 0; index < operators.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(operators[index].Name) || operators[index].Name.Trim().Equals("policy", StringComparison.OrdinalIgnoreCase)) problems.Add($"$.operators[{index}].name", "is no person's name (policy is WhatsOps itself)", "write who it is");
            if (!KeyHash().IsMatch(operators[index].KeyHash)) problems.Add($"$.operators[{index}].keyHash", "is no key hash; a key in clear does not belong here", "write sha256: and 64 hex digits, as whatsops operator key NAME prints them");
        }
    }

    internal static void Name(string name, string path, FleetProblems problems)
    {
        if (!SafeName().IsMatch(name)) problems.Add(path, "is not a usable name", NameFix);
    }

    internal static void Secret(string value, string path, string example, FleetProblems problems)
    {
        if (!References.IsReference(value))
            problems.Add(path, value.Length == 0 ? "is empty" : "is a secret in clear; secrets stand here as references only", $"write {example} and set that in the environment{(value.Length == 0 ? "" : "; change the secret, since the file had it")}");
    }

    internal static void Url(string url, string path, FleetProblems problems, string? otherwise = null)
    {
        if (References.IsReference(url)) return;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            problems.Add(path, "must be an absolute http(s) URL", $"write one like https://evolution.example.com{(otherwise is null ? "" : ", " + otherwise)}");
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            problems.Add(path, "must have no user, query or fragment: that is where secrets hide", "keep scheme, host, port and path");
    }

    internal static void Headers(IReadOnlyDictionary<string, string> headers, string path, FleetProblems problems)
    {
        foreach (var (name, value) in headers)
        {
            if (!HeaderName().IsMatch(name) || OwnHeader().IsMatch(name))
                problems.Add($"{path}.{name}", "is no header that may be added", "use a name of letters, digits and -, other than webhook-…, content-…, host and the connection's own");
            if (!HeaderValue().IsMatch(value))
                problems.Add($"{path}.{name}", "is a value in clear; what is asked for here is mostly a secret", "write ${env:NAME}, or Bearer ${env:NAME}, and set that in the environment");
        }
    }

    internal static void Range(decimal value, int least, int most, string path, FleetProblems problems)
    {
        if (value < least || value > most) problems.Add(path, $"must be between {least} and {most}", "choose a number in that range, or leave it out for the default");
    }

    internal static void Unique<T>(IReadOnlyList<T> items, Func<T, string> key, string path, string member, FleetProblems problems)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < items.Count; index++)
            if (key(items[index]) is { Length: > 0 } value && !first.TryAdd(value, index))
                problems.Add($"{path}[{index}].{member}", $"is the same as in {path}[{first[value]}]", "each needs its own");
    }

    /// <summary>The password in a connection string, empty when it has none; null when it is no connection string.</summary>
    private static string? PasswordOf(string connectionString)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            if (!parts.ContainsKey("Host") && !parts.ContainsKey("Server")) return null;
            return new[] { "Password", "Pwd", "PSW" }.Select(name => parts.TryGetValue(name, out var value) ? value.ToString() : null).FirstOrDefault(value => value is not null) ?? "";
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex SafeName();

    [GeneratedRegex("^[A-Za-z0-9._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex("^[A-Za-z0-9:._-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex RedisPrefix();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex("^[A-Za-z0-9-]{1,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();

    [GeneratedRegex("^(webhook-.*|content-.*|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OwnHeader();

    [GeneratedRegex(@"^([A-Za-z]+ )?\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderValue();

    [GeneratedRegex("^sha256:[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyHash();
}
