using Microsoft.AspNetCore.Http;

namespace WhatsOps.Runbooks;

/// <summary>The words of the pairing page, in the reader's language.</summary>
internal sealed record PairingText(
    string Language, string Title, string For, string Steps, string Typed, string Preparing, string Refreshes, string Ends, string Connected, string Over, string Gone, string Picture)
{
    private static readonly PairingText Portuguese = new(
        "pt-BR",
        "Conectar o WhatsApp",
        "Conta",
        "No celular da empresa, abra o WhatsApp, toque em Aparelhos conectados, depois em Conectar um aparelho, e aponte a câmera para o código.",
        "Ou toque em Conectar com número de telefone e digite este código:",
        "Preparando o código…",
        "O código muda em até {0} s.",
        "Este link vale por mais {0}.",
        "Conectado. Pode fechar esta página.",
        "Este link não vale mais. Peça outro a quem o enviou.",
        "Este link não existe ou não vale mais. Se o celular já mostra o aparelho conectado, está tudo certo; se não, peça outro link a quem o enviou.",
        "Código QR");

    private static readonly PairingText English = new(
        "en",
        "Connect WhatsApp",
        "Account",
        "On the company's phone, open WhatsApp, tap Linked devices, then Link a device, and point the camera at the code.",
        "Or tap Link with phone number and type this code:",
        "Preparing the code…",
        "The code changes within {0} s.",
        "This link is good for another {0}.",
        "Connected. You may close this page.",
        "This link is no longer good. Ask whoever sent it for another one.",
        "This link does not exist or is no longer good. If the phone shows the device as linked, all is well; if not, ask whoever sent it for another link.",
        "QR code");

    /// <summary>By Accept-Language; Portuguese where neither is wanted, since that is what the tenants speak.</summary>
    public static PairingText Of(HttpRequest request)
    {
        foreach (var wanted in request.GetTypedHeaders().AcceptLanguage.Where(language => language.Quality is null or > 0).OrderByDescending(language => language.Quality ?? 1))
        {
            if (Is(wanted.Value.Value, "en")) return English;
            if (Is(wanted.Value.Value, "pt")) return Portuguese;
        }

        return Portuguese;
    }

    private static bool Is(string? tag, string language) =>
        tag is not null && (tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase));
}
