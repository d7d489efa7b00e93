using System.Text.RegularExpressions;

namespace WhatsOps.Alerts;

/// <summary>
/// The closed set of what looks say, in Portuguese: outcomes, and the sentences of our own probes. What a server or a library said, and the commands to type, stay as
/// they are. A test holds the sentences to those of the sources.
/// </summary>
internal static class PortugueseWords
{
    /// <summary>The longer sentence first where one begins like another. <c>{n}</c> is a number, <c>{t}</c> a text.</summary>
    internal static readonly IReadOnlyList<(string English, string Portuguese)> Sentences =
    [
        ("It answers {n}: there is no such endpoint.", "Responde {n}: esse endpoint não existe."),
        ("It answers {n} and points elsewhere; write the address that answers itself.", "Responde {n} e aponta para outro lugar; escreva o endereço que responde por si."),
        ("It answers {n}, but not in the shape that the fleet file names: something else may answer in its place.", "Responde {n}, mas não na forma que o arquivo da frota diz: outra coisa pode estar respondendo no lugar."),
        ("It answers {n}, but not as Prometheus' HTTP API does: something else may answer in its place.", "Responde {n}, mas não como a API HTTP do Prometheus: outra coisa pode estar respondendo no lugar."),
        ("It answers {n}.", "Responde {n}."),
        ("No answer within {n} s.", "Sem resposta em {n} s."),
        ("Looking failed ({t}); the log has more.", "A verificação falhou ({t}); o log diz mais."),
        ("The reference {t} has no value. Fix: set it in the environment (or Key Vault reference) of the host.", "A referência {t} não tem valor. Defina-a no ambiente do host (ou como referência do Key Vault)."),
        ("Its reference holds no address.", "A referência não contém um endereço."),
        ("Its reference holds no connection string.", "A referência não contém uma connection string."),
        ("Its reference holds no configuration of StackExchange.Redis. Fix: host:6379", "A referência não contém uma configuração do StackExchange.Redis. Use host:6379"),
        ("What it sends cannot be read: {t}.", "O que envia não pode ser lido: {t}."),
        ("What it answers is no metrics.", "O que responde não são métricas."),
        ("The answer broke off.", "A resposta foi interrompida."),
        ("The connection broke.", "A conexão caiu."),
        ("Its name does not resolve.", "O nome não é resolvido."),
        ("The TLS handshake failed.", "O handshake TLS falhou."),
        ("The connection is refused: nothing listens there.", "A conexão é recusada: nada escuta ali."),
        ("The exchange failed ({t}).", "A troca falhou ({t})."),
        ("No connection ({t}).", "Sem conexão ({t})."),
        ("No connection.", "Sem conexão."),
        ("The name {t} is not resolved. Next: nslookup", "O nome {t} não é resolvido. Próximo passo: nslookup"),
        ("There is no way from here to {t}. Next: ip route", "Não há caminho daqui até {t}. Próximo passo: ip route"),
        ("Redis does not answer in time.", "O Redis não responde a tempo."),
        ("Redis does not answer.", "O Redis não responde."),
        ("Redis refuses the credential (NOAUTH or WRONGPASS). Fix: user and password in the connection string.", "O Redis recusa a credencial (NOAUTH ou WRONGPASS). Corrija usuário e senha na connection string."),
        ("Redis takes no more clients. Fix: find who leaves connections open (CLIENT LIST), or raise maxclients.", "O Redis não aceita mais clientes. Veja quem deixa conexões abertas (CLIENT LIST), ou aumente maxclients."),
        ("What listens there takes the connection and does not answer.", "O que escuta ali aceita a conexão e não responde."),
        ("What listens there closes the connection.", "O que escuta ali fecha a conexão."),
        ("What answers there does not speak the protocol of Redis.", "O que responde ali não fala o protocolo do Redis."),
        ("The management API answers {n}.", "A API de gestão responde {n}."),
        ("Is RabbitMQ up, and its management plugin on?", "O RabbitMQ está no ar, com o plugin de gestão ligado?"),
        ("RabbitMQ refuses user or password.", "O RabbitMQ recusa usuário ou senha."),
        ("The user may not use the management API. Fix:", "O usuário não pode usar a API de gestão. Corrija:"),
        ("There is no management API at this address.", "Não há API de gestão neste endereço."),
        ("The engine at {t} has no container {t}. Fix: docker ps -a lists the names.", "O motor em {t} não tem o contêiner {t}. docker ps -a lista os nomes."),
        ("The container engine at {t} does not answer.", "O motor de contêineres em {t} não responde."),
        ("What answers at {t} is no container engine.", "O que responde em {t} não é um motor de contêineres."),
        ("Container {t} does not run: {t}. Its last errors stand beside this. Fix, if they name nothing else: docker start {t}.", "O contêiner {t} não está rodando: {t}. Os últimos erros estão ao lado. Se não disserem outra coisa: docker start {t}."),
        ("The health check of container {t} fails, {n} times in a row. Its last errors stand beside this. Fix, if they name nothing else: docker restart {t}.", "A verificação de saúde do contêiner {t} falha, {n} vezes seguidas. Os últimos erros estão ao lado. Se não disserem outra coisa: docker restart {t}."),
        ("Container {t} was killed because it wanted more memory than its limit. Fix: raise the limit, or find the leak.", "O contêiner {t} foi morto por querer mais memória que o limite. Aumente o limite, ou ache o vazamento."),
        ("The log of container {t} has {n} errors in {t}. Next: docker logs", "O log do contêiner {t} tem {n} erros em {t}. Próximo passo: docker logs"),
        ("The log file {t} of container {t} has {n} errors in {t}. Next: docker exec", "O arquivo de log {t} do contêiner {t} tem {n} erros em {t}. Próximo passo: docker exec"),
        ("The bot says {t}.", "O bot diz {t}."),
        ("The bot has lost Redis.", "O bot perdeu o Redis."),
        ("The certificate of {t} is expired since {t}. Fix: renew it now; clients refuse it.", "O certificado de {t} está vencido desde {t}. Renove-o já; os clientes o recusam."),
        ("The certificate of {t} ends in {n} days, at {t}. Fix: renew it, and find out why it does not renew by itself.", "O certificado de {t} vence em {n} dias, em {t}. Renove-o, e descubra por que não se renova sozinho."),
        ("RabbitMQ has an alarm of {t}: it takes no message from any publisher until there is room.", "O RabbitMQ tem um alarme de {t}: não aceita mensagem de ninguém até haver espaço."),
        ("{n} messages wait in queue {t} and nobody consumes it: its worker is not connected. Restart the worker.", "{n} mensagens esperam na fila {t} e ninguém as consome: o worker não está conectado. Reinicie o worker."),
        ("Port {t} of {t} takes connections from here, and should be closed. Fix: close it in the firewall, or bind its service to 127.0.0.1.", "A porta {t} de {t} aceita conexões daqui, e deveria estar fechada. Feche-a no firewall, ou ligue o serviço a 127.0.0.1."),
        ("SSH of {t} takes passwords ({t}), which can be guessed. Fix: PasswordAuthentication no", "O SSH de {t} aceita senhas ({t}), que podem ser adivinhadas. Corrija: PasswordAuthentication no"),
        ("Commit {t} came into {t} without a pull request: nobody approved it. Next:", "O commit {t} entrou em {t} sem pull request: ninguém o aprovou. Próximo passo:"),
        ("Pull request {n} was merged into {t} without an approval. Next:", "O pull request {n} entrou em {t} sem aprovação. Próximo passo:"),
        ("Pull request {n} was merged into {t} although {n} of its reviewers want changes. Next:", "O pull request {n} entrou em {t} embora {n} revisores peçam mudanças. Próximo passo:"),
        ("{t} changes {n} files and not {t}: the release has no notes. Fix: write them, in a pull request of their own.", "{t} muda {n} arquivos e não {t}: a versão não tem notas. Escreva-as, num pull request próprio."),
        ("Check {t} of {t} ended with {t}. Next:", "A verificação {t} de {t} terminou com {t}. Próximo passo:"),
        ("The scan {t} of {t} ended with {t}: it found something, or it broke. Next:", "A varredura {t} de {t} terminou com {t}: achou algo, ou quebrou. Próximo passo:"),
        ("The scan {t} ran last on {t}, more than {n} days ago. Fix:", "A varredura {t} rodou pela última vez em {t}, há mais de {n} dias. Corrija:"),
        ("The scan {t} has never run on {t}. Fix:", "A varredura {t} nunca rodou em {t}. Corrija:"),
        ("Commit {t} runs and is not in {t}: it was never merged. Next:", "O commit {t} está rodando e não está em {t}: nunca foi integrado. Próximo passo:"),
        ("Commit {t} runs and is not in {t}: it was built from something that was never pushed there. Fix: deploy {t}.", "O commit {t} está rodando e não está em {t}: foi construído de algo que nunca foi enviado para lá. Publique {t}."),
        ("{t} is {n} commits ahead of {t}, which runs; the newest came {n} hours ago. Fix: deploy {t}.", "{t} está {n} commits à frente de {t}, que está rodando; o mais novo chegou há {n} horas. Publique {t}."),
        ("GitHub takes no more requests until {t} UTC: the limit is used up.", "O GitHub não aceita mais pedidos até {t} UTC: o limite acabou."),
        ("GitHub refuses the token.", "O GitHub recusa o token."),
        ("{t} takes {t}, which everybody knows.", "{t} aceita {t}, que todos conhecem."),
    ];

    private static readonly (Regex English, string Portuguese)[] Table = [.. Sentences.Select(sentence => (Pattern(sentence.English), Replacement(sentence.Portuguese)))];

    public static string Of(string words) => Table.Aggregate(words, (text, row) => row.English.Replace(text, row.Portuguese));

    /// <summary>What came of a look at a gateway.</summary>
    public static string Outcome(string word) => word switch
    {
        "seen" => "responde",
        "absent" => "não existe",
        "unauthorized" => "recusa a chave",
        "unreachable" => "não responde",
        "not finished" => "não terminou a tempo",
        _ => word,
    };

    private static Regex Pattern(string english)
    {
        var count = 0;
        return new(
            Regex.Replace(Regex.Escape(english), @"\\\{([nt])}", place => place.Groups[1].Value == "n" ? $@"(?<p{count++}>\d+)" : $"(?<p{count++}>.+?)"),
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    private static string Replacement(string portuguese)
    {
        var count = 0;
        return Regex.Replace(portuguese.Replace("$", "$$", StringComparison.Ordinal), @"\{[nt]}", _ => $"${{p{count++}}}");
    }
}
