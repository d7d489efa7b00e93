using System.Text.Encodings.Web;
using System.Text.Json;

namespace WhatsOps.Runbooks;

/// <summary>The page of a pairing link: one document, nothing from elsewhere, no token in it (the script asks relative to its own address).</summary>
internal static class PairingHtml
{
    private const string Style =
        """
        :root { color-scheme: light dark }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.1rem/1.5 system-ui, sans-serif; background: #f3f5f4; color: #1d2522 }
        main { max-width: 26rem; margin: 1rem; padding: 1.5rem; background: #fff; border-radius: .8rem; box-shadow: 0 1px 6px #0003; text-align: center }
        h1 { font-size: 1.4rem; margin: 0 0 .2rem }
        p { margin: .7rem 0 }
        .who { color: #54635d }
        img { width: 18rem; max-width: 100%; image-rendering: pixelated; background: #fff; padding: .5rem; box-sizing: border-box }
        #typed { font: 700 1.8rem/1.4 ui-monospace, monospace; letter-spacing: .15em }
        #now { font-weight: 600; min-height: 1.5em }
        .small { font-size: .9rem; color: #54635d }
        [hidden] { display: none }
        @media (prefers-color-scheme: dark) { body { background: #15191a; color: #e7ecea } main { background: #20272a } .who, .small { color: #a7b5b0 } }
        """;

    // Pauses while the page is hidden: a forgotten tab asks nothing.
    private const string Script =
        """
        const $ = id => document.getElementById(id), url = location.pathname.replace(/\/+$/, '') + '/code';
        let codeUntil = 0, linkUntil = 0, done = false;
        const show = (id, on) => { $(id).hidden = !on };
        const clock = seconds => Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
        const end = words => { done = true; for (const id of ['qr', 'how', 'code', 'refreshes', 'ends']) show(id, false); $('now').textContent = words };
        function tick() {
          if (done) return;
          const left = until => Math.max(0, Math.round((until - Date.now()) / 1000));
          $('refreshes').textContent = text.refreshes.replace('{0}', left(codeUntil));
          $('ends').textContent = text.ends.replace('{0}', clock(left(linkUntil)));
        }
        async function look() {
          if (done) return;
          let wait = 3000;
          try {
            if (!document.hidden) {
              const answer = await fetch(url, { headers: { Accept: 'application/json' }, cache: 'no-store' });
              if (answer.status === 404) return end(text.over);
              if (answer.status === 429) wait = 20000;
              if (answer.ok) {
                const view = await answer.json();
                if (view.state === 'connected') return end(text.connected);
                if (view.state === 'over') return end(text.over);
                const scan = view.state === 'scan';
                if (scan) { $('qr').src = view.qr; codeUntil = Date.now() + view.codeSeconds * 1000 }
                linkUntil = Date.now() + view.linkSeconds * 1000;
                for (const id of ['qr', 'how', 'refreshes']) show(id, scan);
                show('ends', true);
                show('code', scan && view.pairingCode);
                $('typed').textContent = view.pairingCode ? view.pairingCode.slice(0, 4) + '-' + view.pairingCode.slice(4) : '';
                $('now').textContent = scan ? '' : text.preparing;
                tick();
              }
            }
          } catch { }
          setTimeout(look, wait);
        }
        setInterval(tick, 1000);
        look();
        """;

    /// <summary>The live page.</summary>
    public static string Page(string tenant, PairingText text, string nonce)
    {
        // The default encoder writes <, > and & as \u…: nothing of it can end the script.
        var words = JsonSerializer.Serialize(
            new { preparing = text.Preparing, refreshes = text.Refreshes, ends = text.Ends, connected = text.Connected, over = text.Over });
        return Document(text, nonce,
            $"""
            <h1>{Html(text.Title)}</h1>
            <p class="who">{Html(text.For)}: <strong>{Html(tenant)}</strong></p>
            <p id="now" role="status">{Html(text.Preparing)}</p>
            <p id="how" hidden>{Html(text.Steps)}</p>
            <img id="qr" alt="{Html(text.Picture)}" hidden>
            <div id="code" hidden><p>{Html(text.Typed)}</p><p id="typed"></p></div>
            <p class="small" id="refreshes" hidden></p>
            <p class="small" id="ends" hidden></p>
            """,
            $"""
            <script nonce="{nonce}">
            const text = {words};
            {Script}
            </script>
            """);
    }

    /// <summary>The same for a link that never was, is over or is used.</summary>
    public static string Gone(PairingText text, string nonce) => Document(text, nonce, $"<h1>{Html(text.Title)}</h1><p>{Html(text.Gone)}</p>", "");

    private static string Document(PairingText text, string nonce, string body, string script) =>
        $"""
        <!doctype html>
        <html lang="{text.Language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex, nofollow">
        <meta name="referrer" content="no-referrer">
        <title>{Html(text.Title)}</title>
        <style nonce="{nonce}">
        {Style}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        {script}
        </body>
        </html>
        """;

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
