using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Tries the passwords that servers come with, only at targets of the fleet file that ask for it, and once a day, whoever asks: a server that counts wrong passwords
/// would lock the user out. What cannot be tried is said, since nothing refused it.
/// </summary>
internal sealed class DefaultLoginProbe(IFleet fleet, WatchHttp http) : IProbe
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public IEnumerable<Look> LooksAt(FleetSystem system) => system.Watch is not { } watch ? [] :
    [
        .. watch.RabbitMq.Where(target => target.TryDefaultLogin).Select(target => LookAt(
            $"rabbitmq-{target.Name}", "RabbitMQ", "guest/guest", "rabbitmqctl delete_user guest", token => RabbitMqLogin.TryAsync(http, target.Url, token))),
        .. watch.Postgres.Where(target => target.TryDefaultLogin).Select(target => LookAt(
            $"postgres-{target.Name}", "PostgreSQL", "postgres/postgres", "ALTER ROLE postgres PASSWORD '…', and no trust in pg_hba.conf", token => PostgresLogin.TryAsync(fleet.Resolve(target.ConnectionString), token))),
        .. watch.Guards.Where(target => target.TryMinioLogin).Select(target => LookAt(
            $"minio-{target.Name}", "MinIO", "minioadmin/minioadmin", "set MINIO_ROOT_USER and MINIO_ROOT_PASSWORD, and start it anew", token => MinioLogin.TryAsync(fleet.Resolve(target.Url), token))),
    ];

    private static Look LookAt(string name, string server, string login, string fix, Func<CancellationToken, Task<LoginAnswer>> tryAsync) =>
        new($"login/{name}", Day, Look.UsualPatience, async token => Read(server, login, fix, await tryAsync(token))) { IsOnlyWhenDue = true };

    private static Reading Read(string server, string login, string fix, LoginAnswer answer) => answer.IsAccepted switch
    {
        true => Reading.Seen(
            $"{server} takes {login}.", [new("login.default.accepted", 1)],
            new Trouble(TroubleKinds.Exposed, Severity.Critical, $"{server} takes {login}, which everybody knows. {answer.Words} Fix: {fix}")),
        false => Reading.Seen($"{server} does not take {login}. {answer.Words}", [new("login.default.accepted", 0)]),
        null => Reading.Seen(
            $"Whether {server} takes {login} is not known.", [],
            new Trouble(TroubleKinds.NotObservable, Severity.Low, $"Whether {server} takes {login} is not known: {answer.Words} It is tried again in a day.")),
    };
}
