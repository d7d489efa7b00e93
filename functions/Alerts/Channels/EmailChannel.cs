using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Alerts by e-mail over SMTP. One connection per message: alerts are few, and a kept one would be closed by the server.</summary>
internal sealed class EmailChannel(IFleet fleet, TimeProvider time) : IAlertChannel
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public string Kind => "email";

    public TimeSpan Pause => TimeSpan.Zero;

    public bool CarriesLinks => true;

    /// <summary>Null: the certificates that the machine trusts.</summary>
    internal RemoteCertificateValidationCallback? Trust { get; init; }

    public async Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await SendAsync(delivery, delivery.Route.Smtp!, either.Token);
            return DeliveryResult.Delivered;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            return new(Words(problem));
        }
    }

    private async Task SendAsync(AlertDelivery delivery, SmtpOptions smtp, CancellationToken cancellation)
    {
        // Resolved first: a missing secret is told without a connection.
        var login = smtp is { User: { } user, Password: { } password } ? (User: fleet.Resolve(user), Password: fleet.Resolve(password)) : ((string User, string Password)?)null;
        using var client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = Trust };
        await client.ConnectAsync(smtp.Host, smtp.Port, Security(smtp.Security), cancellation);
        if (login is { } known) await client.AuthenticateAsync(known.User, known.Password, cancellation);
        await client.SendAsync(EmailMessage.Of(delivery), cancellation);
        try
        {
            await client.DisconnectAsync(true, cancellation);
        }
        catch (Exception problem) when (problem is IOException or SocketException or ProtocolException or OperationCanceledException)
        {
            // The server has the message; how the conversation ends changes nothing.
        }
    }

    private static SecureSocketOptions Security(SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    // The server's own words may quote addresses, so only its code is told.
    private static string Words(Exception problem) => problem switch
    {
        MissingSecretException missing => missing.Message,
        AuthenticationException => "the server refuses the login",
        SslHandshakeException => "no TLS with a certificate that is trusted here",
        SmtpCommandException refused => $"SMTP {(int)refused.StatusCode}{Part(refused.ErrorCode)}",
        NotSupportedException => "the server offers no STARTTLS, or no login that is known",
        SocketException failed => $"no connection ({failed.SocketErrorCode})",
        OperationCanceledException or TimeoutException => $"no answer within {Limit.TotalSeconds:0} s",
        _ => problem.GetType().Name,
    };

    private static string Part(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.RecipientNotAccepted => ": a recipient is refused",
        SmtpErrorCode.SenderNotAccepted => ": the sender is refused",
        SmtpErrorCode.MessageNotAccepted => ": the message is refused",
        _ => "",
    };
}
