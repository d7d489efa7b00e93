using System.Net.Sockets;
using System.Text.RegularExpressions;
using Renci.SshNet;
using Renci.SshNet.Common;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Asks an SSH server which ways to log in it offers (R-386): with no credential, as a user that nobody has, and once a day, since servers shut out whoever knocks often.
/// What it offers to single users only (<c>Match User</c>) is not seen.
/// </summary>
internal sealed partial class SshProbe : IProbe
{
    private const string Nobody = "whatsops-look";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // keyboard-interactive is a password by another name, unless PAM asks for more.
    private static readonly string[] Guessable = ["password", "keyboard-interactive"];

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Hosts ?? []).Where(target => target.Ssh is not null).Select(target =>
        new Look($"ssh/{target.Name}", Day, Look.UsualPatience, token => ReadAsync(target, target.Ssh!.Value, token)) { IsOnlyWhenDue = true });

    private static async Task<Reading> ReadAsync(HostTarget target, int port, CancellationToken cancellation)
    {
        using var none = new NoneAuthenticationMethod(Nobody);
        try
        {
            using var client = new SshClient(new ConnectionInfo(target.Host, port, Nobody, none) { Timeout = Patience });
            await client.ConnectAsync(cancellation);
            return Reading.Seen("It lets in whoever comes.", [], new Trouble(TroubleKinds.Exposed, Severity.Critical, $"SSH of {target.Host} lets in a user that nobody has, without any credential. Fix: shut it down, then look who has been there."));
        }
        catch (SshAuthenticationException refusal)
        {
            // The library asks with no credential first, and tells what the server then offers in its message alone.
            return Offers(target, Offered().Match(refusal.Message) is { Success: true } match ? match.Groups["methods"].Value.Split(',') : []);
        }
        catch (SocketException problem)
        {
            return Reading.Unreachable(SocketWords.Of(problem));
        }
        catch (SshOperationTimeoutException)
        {
            return Reading.Unreachable($"No answer within {Patience.TotalSeconds:0} s.");
        }
        catch (SshException)
        {
            // Its words quote what the other side sent.
            return Reading.Unreachable("What answers there does not speak SSH.");
        }
    }

    private static Reading Offers(HostTarget target, string[] methods)
    {
        if (methods.Length == 0)
            return Reading.Seen("It does not say how to log in.", [], new Trouble(TroubleKinds.NotObservable, Severity.Low, $"SSH of {target.Host} does not say which ways to log in it offers. Look at its sshd_config: PasswordAuthentication no."));
        var guessable = methods.Where(Guessable.Contains).ToArray();
        var measures = new Measure[] { new("ssh.password.offered", guessable.Length > 0 ? 1 : 0) };
        return guessable.Length == 0
            ? Reading.Seen($"It offers {string.Join(", ", methods)}.", measures)
            : Reading.Seen(
                $"It offers {string.Join(", ", methods)}.", measures,
                new Trouble(TroubleKinds.Exposed, Severity.High, $"SSH of {target.Host} takes passwords ({string.Join(", ", guessable)}), which can be guessed. Fix: PasswordAuthentication no and KbdInteractiveAuthentication no in sshd_config, once your key works."));
    }

    [GeneratedRegex(@"\((?<methods>[a-z0-9@.,-]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Offered();
}
