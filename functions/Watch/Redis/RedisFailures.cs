using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Says why Redis could not be looked at. The client's own messages are not used: they quote the configuration.</summary>
internal static class RedisFailures
{
    private const string Refused = "Redis refuses the credential (NOAUTH or WRONGPASS). Fix: user and password in the connection string.";

    public static Reading Read(Exception problem) => problem switch
    {
        ArgumentException => Reading.Unreachable("The connection string is not one of StackExchange.Redis. Fix: host:6379,password=…,defaultDatabase=0"),
        _ when Says(problem, ConnectionFailureType.AuthenticationFailure, "NOAUTH", "WRONGPASS", "NOPERM") => Reading.Unauthorized(Refused),
        _ when Says(problem, ConnectionFailureType.Loading, "LOADING") => Reading.Seen(
            "Redis loads its data.", [], new Trouble(TroubleKinds.Unhealthy, Severity.High, "Redis loads its data from disk and serves nobody until it is done.")),
        _ when Says(problem, ConnectionFailureType.ProtocolFailure) => Reading.Unreachable("What answers there does not speak the protocol of Redis."),
        _ when Any(problem, one => one is System.Net.Sockets.SocketException) => Reading.Unreachable("Redis cannot be reached: nothing listens there, or the name is not known."),
        RedisTimeoutException or TimeoutException => Reading.Unreachable("Redis does not answer in time."),
        RedisConnectionException connection => Reading.Unreachable($"Redis does not answer ({connection.FailureType})."),
        _ => Reading.Unreachable($"Redis answers with an error ({problem.GetType().Name})."),
    };

    private static bool Says(Exception problem, ConnectionFailureType kind, params string[] words) =>
        Any(problem, one => (one as RedisConnectionException)?.FailureType == kind || words.Any(word => one.Message.Contains(word, StringComparison.Ordinal)));

    private static bool Any(Exception problem, Func<Exception, bool> test)
    {
        for (Exception? one = problem; one is not null; one = one.InnerException)
            if (test(one)) return true;
        return false;
    }
}
