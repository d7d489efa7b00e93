using System.Globalization;

namespace WhatsOps.Watch;

/// <summary>GitHub takes no more requests for a while: a look ends here.</summary>
internal sealed class GitHubLimitException(DateTimeOffset until)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"GitHub takes no more requests until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC: the limit is used up."));
