namespace WhatsOps.Fleet;

/// <summary>Rules of <c>systems[].watch</c>.</summary>
internal static class WatchFields
{
    private const int Day = 86_400;
    private const int SlowestMinutes = 24 * 60;
    private const int GentlestBurstSeconds = 3600;
    private static readonly HashSet<string> SecretSettings = new(StringComparer.OrdinalIgnoreCase) { "requirepass", "masterauth", "tls-key-file-pass", "tls-client-key-file-pass" };

    public static void Check(WatchOptions watch, string path, FleetProblems problems)
    {
        Targets(watch.Http, $"{path}.http", Http, problems);
        Targets(watch.Postgres, $"{path}.postgres", Postgres, problems);
        Targets(watch.Redis, $"{path}.redis", Redis, problems);
        Targets(watch.RabbitMq, $"{path}.rabbitMq", RabbitMq, problems);
        Targets(watch.Containers, $"{path}.containers", Container, problems);
        Targets(watch.Logs, $"{path}.logs", LogFile, problems);
        Targets(watch.LogFolders, $"{path}.logFolders", LogFolder, problems);
        Targets(watch.Files, $"{path}.files", File, problems);
        Targets(watch.Engines, $"{path}.engines", Engine, problems);
        Targets(watch.Sites, $"{path}.sites", Site, problems);
        Targets(watch.Hosts, $"{path}.hosts", Host, problems);
        Targets(watch.Guards, $"{path}.guards", Guard, problems);
        Targets(watch.Prometheus, $"{path}.prometheus", Prometheus, problems);
        Targets(watch.Alertmanager, $"{path}.alertmanager", Alertmanager, problems);
        Targets(watch.Renewals, $"{path}.renewals", Renewal, problems);
        Targets(watch.Releases, $"{path}.releases", (target, at) => ReleaseFields.Check(target, watch, at, problems), problems);
        FleetRules.Unique(watch.Rules, rule => rule.Name, $"{path}.rules", "name", problems);
        for (var index = 0; index < watch.Rules.Count; index++) Rule(watch.Rules[index], $"{path}.rules[{index}]", problems);

        void Http(HttpTarget target, string at)
        {
            Request(target.Url, target.TimeoutSeconds, target.Headers, at);
            // Its checks call Meta and OpenAI, with time-outs of 30 s each.
            if (target.Shape == HttpShape.AgentHealth && target.EverySeconds < 300)
                problems.Add($"{at}.everySeconds", "is too often for an endpoint that calls Meta and OpenAI each time", "write 300 or more");
            if (target.Shape == HttpShape.Prometheus != target.Metrics.Count > 0)
                problems.Add($"{at}.metrics", target.Metrics.Count > 0 ? "belongs to shape prometheus only" : "names no metric", "name the metrics to keep, with shape prometheus");
        }

        void Request(string url, int timeoutSeconds, IReadOnlyDictionary<string, string> headers, string at)
        {
            FleetRules.Url(url, $"{at}.url", problems);
            FleetRules.Range(timeoutSeconds, 1, 60, $"{at}.timeoutSeconds", problems);
            FleetRules.Headers(headers, $"{at}.headers", problems);
        }

        void Guard(GuardTarget target, string at)
        {
            FleetRules.Url(target.Url, $"{at}.url", problems);
            if (target.Meta is null && target.Refused.Count + target.RefusedPosts.Count == 0 && target.Burst is null && !target.TryMinioLogin) problems.Add(at, "tries no door", "name meta, refused, refusedPosts, burst or tryMinioLogin");
            if (target.Meta?.VerifyToken is { } token) FleetRules.Secret(token, $"{at}.meta.verifyToken", "${env:META_VERIFY_TOKEN}", problems);
            if (target.Meta?.AppSecret is { } secret) FleetRules.Secret(secret, $"{at}.meta.appSecret", "${env:META_APP_SECRET}", problems);
            if (target.Meta is { } meta) Path(meta.Path, $"{at}.meta.path");
            for (var index = 0; index < target.Refused.Count; index++) Path(target.Refused[index], $"{at}.refused[{index}]");
            for (var index = 0; index < target.RefusedPosts.Count; index++) Path(target.RefusedPosts[index], $"{at}.refusedPosts[{index}]");
            if (target.Burst is not { } burst) return;
            Path(burst.Path, $"{at}.burst.path");
            FleetRules.Range(burst.Requests, 2, 200, $"{at}.burst.requests", problems);
            if (target.EverySeconds < GentlestBurstSeconds) problems.Add($"{at}.everySeconds", "is too often for a burst, which may cost others their requests", $"write {GentlestBurstSeconds} or more");
        }

        void Path(string value, string at)
        {
            if (!value.StartsWith('/') || value.AsSpan().IndexOfAny("?# ") >= 0) problems.Add(at, "is no path", "write one like /webhook, without a query");
        }

        void Prometheus(PrometheusTarget target, string at)
        {
            Request(target.Url, target.TimeoutSeconds, target.Headers, at);
            NoEmpty(target.Jobs, $"{at}.jobs", problems);
            FleetRules.Unique(target.Queries, query => query.Name, $"{at}.queries", "name", problems);
            for (var index = 0; index < target.Queries.Count; index++)
            {
                FleetRules.Name(target.Queries[index].Name, $"{at}.queries[{index}].name", problems);
                if (string.IsNullOrWhiteSpace(target.Queries[index].Query)) problems.Add($"{at}.queries[{index}].query", "is empty", "write a PromQL expression");
            }
        }

        void Alertmanager(AlertmanagerTarget target, string at)
        {
            FleetRules.Secret(target.Token, $"{at}.token", "${env:ALERTMANAGER_TOKEN}", problems);
            FleetRules.Range(target.WatchdogMinutes, 1, 7 * SlowestMinutes, $"{at}.watchdogMinutes", problems);
            if (target.Watchdog is { } watchdog && string.IsNullOrWhiteSpace(watchdog)) problems.Add($"{at}.watchdog", "is empty", "write the name of an alert that always fires, or leave it out");
        }

        void Renewal(RenewalTarget target, string at)
        {
            if (string.IsNullOrWhiteSpace(target.What)) problems.Add($"{at}.what", "is empty", "write what it is, for people: Meta system user token");
            if (target.Due() is null || (target.Expires is not null && target.EveryDays is not null))
                problems.Add(at, "says not by when it must be renewed, or says it twice", "write expires, or changed and everyDays, with dates as 2027-01-31");
            if (target.EveryDays is { } days) FleetRules.Range(days, 1, 3650, $"{at}.everyDays", problems);
            FleetRules.Range(target.DaysBefore, 1, 365, $"{at}.daysBefore", problems);
        }

        void Postgres(PostgresTarget target, string at)
        {
            FleetRules.Secret(target.ConnectionString, $"{at}.connectionString", "${env:PRODUCT_DATABASE}", problems);
            if (target.SchemaVersion is not { } version) return;
            if (string.IsNullOrWhiteSpace(version)) problems.Add($"{at}.schemaVersion", "is empty", "write the migration that the database should be at, or leave it out");
            if (target.Tables is null) problems.Add($"{at}.schemaVersion", "belongs to the database of a known product", "write tables, too: agent, taktchat or turbozap");
        }

        void Redis(RedisTarget target, string at)
        {
            FleetRules.Secret(target.ConnectionString, $"{at}.connectionString", "${env:REDIS}", problems);
            if (string.IsNullOrWhiteSpace(target.BullPrefix)) problems.Add($"{at}.bullPrefix", "is empty", "write the prefix that the product gives to Bull, or leave it out for bull");
            NoEmpty(target.BullQueues, $"{at}.bullQueues", problems);
            foreach (var setting in target.Settings.Keys.Where(SecretSettings.Contains)) problems.Add($"{at}.settings.{setting}", "is a secret, which would stand here in clear", "leave it out");
        }

        void RabbitMq(RabbitMqTarget target, string at)
        {
            FleetRules.Url(target.Url, $"{at}.url", problems);
            if (string.IsNullOrWhiteSpace(target.User)) problems.Add($"{at}.user", "is empty", "write the name of a user with the tag monitoring");
            FleetRules.Secret(target.Password, $"{at}.password", "${env:RABBITMQ_PASSWORD}", problems);
            if (target.VirtualHost.Length == 0) problems.Add($"{at}.virtualHost", "is empty", "write / for the one that is always there, or leave it out");
            NoEmpty(target.Queues, $"{at}.queues", problems);
        }

        void Container(ContainerTarget target, string at)
        {
            BackupRules.Container(target.Container, $"{at}.container", problems);
            FleetRules.Range(target.ImageDays, 0, 3650, $"{at}.imageDays", problems);
        }

        void LogFile(LogFileTarget target, string at)
        {
            BackupRules.Container(target.Container, $"{at}.container", problems);
            BackupRules.AbsolutePath(target.Path, $"{at}.path", problems);
            FleetRules.Range(target.SilentMinutes, 0, 31 * SlowestMinutes, $"{at}.silentMinutes", problems);
            FleetRules.Range(target.MaxMegabytes, 1, 1024, $"{at}.maxMegabytes", problems);
            foreach (var (name, pattern) in target.Patterns)
            {
                FleetRules.Name(name, $"{at}.patterns.{name}", problems);
                if (!LogPatterns.IsPossible(pattern)) problems.Add($"{at}.patterns.{name}", "is no regular expression, or one that looks ahead, back or refers back", "write one without (?= (?< and \\1");
                if (LogPatterns.BuiltIn.Contains(name)) problems.Add($"{at}.patterns.{name}", "is the name of a built-in pattern", "use another one");
            }
        }

        void LogFolder(LogFolderTarget target, string at)
        {
            BackupRules.Container(target.Container, $"{at}.container", problems);
            BackupRules.AbsolutePath(target.Path, $"{at}.path", problems);
            NoEmpty(target.Files, $"{at}.files", problems);
            FleetRules.Range(target.RotateMegabytes, 1, 10_240, $"{at}.rotateMegabytes", problems);
            FleetRules.Range(target.Keep, 1, 1000, $"{at}.keep", problems);
            FleetRules.Range(target.MaxMegabytes, 1, 1024, $"{at}.maxMegabytes", problems);
        }

        void File(FileTarget target, string at)
        {
            BackupRules.Container(target.Container, $"{at}.container", problems);
            BackupRules.AbsolutePath(target.Path, $"{at}.path", problems);
            if (target.Mode is { } mode && (mode.Length is not (3 or 4) || mode.Any(digit => digit is < '0' or > '7') || (mode.Length == 4 && mode[0] != '0')))
                problems.Add($"{at}.mode", "is no mode of a file", "write octal digits of owner, group and others, e.g. 0640");
            if (target.Shape == FileShape.None && target.Settings.Count > 0) problems.Add($"{at}.settings", "belongs to shape pm2 or nginx", "name the shape, or leave it out");
        }

        void Engine(EngineTarget target, string at)
        {
            BackupRules.Engine(target.Engine, $"{at}.engine", problems);
            NoEmpty(target.Volumes, $"{at}.volumes", problems);
        }

        void Site(SiteTarget target, string at)
        {
            FleetRules.Url(target.Url, $"{at}.url", problems);
            FleetRules.Range(target.CertificateDays, 1, 365, $"{at}.certificateDays", problems);
            NoEmpty(target.Addresses, $"{at}.addresses", problems);
        }

        void Host(HostTarget target, string at)
        {
            if (Uri.CheckHostName(target.Host) == UriHostNameType.Unknown) problems.Add($"{at}.host", "is no name or address of a machine", "write it without scheme and port");
            if (target.Closed.Count + target.Open.Count == 0 && target.Ssh is null) problems.Add(at, "names no port: neither closed nor open ones, nor ssh", "name at least one");
            foreach (var port in target.Closed.Concat(target.Open).Concat(target.Ssh is { } ssh ? [ssh] : []).Where(port => port is < 1 or > 65535)) problems.Add(at, $"names port {port}", "a port is a number from 1 to 65535");
            foreach (var port in target.Closed.Intersect(target.Open)) problems.Add(at, $"wants port {port} open and closed", "leave it out of one of the two");
        }
    }

    private static void Targets<T>(IReadOnlyList<T> targets, string path, Action<T, string> check, FleetProblems problems)
        where T : WatchTarget
    {
        FleetRules.Unique(targets, target => target.Name, path, "name", problems);
        for (var index = 0; index < targets.Count; index++)
        {
            FleetRules.Name(targets[index].Name, $"{path}[{index}].name", problems);
            FleetRules.Range(targets[index].EverySeconds, 30, Day, $"{path}[{index}].everySeconds", problems);
            check(targets[index], $"{path}[{index}]");
        }
    }

    private static void Rule(WatchRule rule, string path, FleetProblems problems)
    {
        FleetRules.Name(rule.Name, $"{path}.name", problems);
        if (string.IsNullOrWhiteSpace(rule.Metric)) problems.Add($"{path}.metric", "is empty", "docs/watch.md lists the metrics");
        if (rule.Above is null == rule.Below is null && !rule.Off) problems.Add(path, "must have above or below, one of the two", "write e.g. \"above\": 1000");
        if (rule.Function == RuleFunction.Ratio != rule.Of is not null) problems.Add($"{path}.of", rule.Of is null ? "is missing" : "belongs to function ratio only", "a ratio needs the metric of the whole in of");
        if (rule.Clear is { } clear && (rule.Above < clear || rule.Below > clear)) problems.Add($"{path}.clear", "lies on the firing side of the threshold", "write a value that is well: below above, or above below");
        FleetRules.Range(rule.WindowMinutes, 1, SlowestMinutes, $"{path}.windowMinutes", problems);
        FleetRules.Range(rule.ForMinutes, 0, SlowestMinutes, $"{path}.forMinutes", problems);
    }

    private static void NoEmpty(IReadOnlyList<string> names, string path, FleetProblems problems)
    {
        for (var index = 0; index < names.Count; index++)
            if (string.IsNullOrWhiteSpace(names[index])) problems.Add($"{path}[{index}]", "is empty", "write its exact name");
    }
}
