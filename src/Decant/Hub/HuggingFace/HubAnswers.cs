using System.Net;

namespace Decant.Hub.HuggingFace;

/// <summary>What the statuses of the hub mean for who asked.</summary>
/// <param name="settings">The hub, and who asks.</param>
/// <param name="http">Whether the token was sent.</param>
/// <param name="model">The model's address.</param>
/// <param name="clock">The clock.</param>
internal sealed class HubAnswers(HubSettings settings, HubHttp http, ModelAddress model, TimeProvider clock)
{
    private string Page => new Uri(settings.Endpoint, model.Name).AbsoluteUri;

    /// <summary>Refuses an answer that is not what was asked for.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="file">The file that was asked for; null: the repository.</param>
    /// <exception cref="TransientFault">It may be another one the next time.</exception>
    /// <exception cref="DecantException">It will not.</exception>
    public void Check(HttpResponseMessage answer, string? file)
    {
        var subject = file is null ? $"{model}" : $"{model}, {file}";
        var status = (int)answer.StatusCode;
        if (status is 429 or 408 or >= 500)
            throw new TransientFault($"{answer.RequestMessage?.RequestUri?.Host ?? settings.Endpoint.Host} answered {Name(answer)}", RetryAfter(answer));
        if (answer.IsSuccessStatusCode)
        {
            if (answer.Content.Headers.ContentType?.MediaType == "text/html" && file?.EndsWith(".html", StringComparison.OrdinalIgnoreCase) != true)
                throw new DecantException($"{subject}: expected {(file is null ? "a description of the model" : "the file")}, came a web page. Something on the way answers in the hub's place, such as a proxy or the login page of a network; check HF_ENDPOINT and HTTPS_PROXY.", ExitCodes.Machine);
            return;
        }

        var code = HubResponse.Header(answer, "X-Error-Code");
        var said = HubResponse.Header(answer, "X-Error-Message") is { Length: > 0 } text ? $" (the hub says: {HubText.Foreign(text)})" : "";
        throw new DecantException($"{subject}: " + status switch
        {
            401 or 403 when code == "GatedRepo" => $"{Page} asks everybody to accept its terms before a download{said}. Open that page, log in and accept them; then {Then}",
            401 when http.SendsToken && code != "RepoNotFound" => $"the hub refuses {settings.Token}{said}. Make another one at {new Uri(settings.Endpoint, "settings/tokens")} and put it into HF_TOKEN, or unset it for models that are open to all.",
            401 or 404 when code == "RepoNotFound" || (status == 401) || (file is null && code != "RevisionNotFound") => $"there is no model {model.Name} at {settings.Endpoint.Host} that {(http.SendsToken ? $"{settings.Token} may read" : "is open to all")}{said}. Check the name at {Page}; if it is private, {Then}",
            403 => $"the hub refuses the download{said}. {(http.SendsToken ? $"The account or the rights of {settings.Token} do not include it: look at {Page}, and give the token the right to read it." : $"If it is private, {Then}")}",
            404 when code == "RevisionNotFound" || file is null => $"there is no branch, tag or commit '{model.Version ?? "main"}'. Those that there are stand at {Page}/commits/main.",
            404 => $"there is no such file at this commit{said}; the hub's listing has it. Try again, or fetch another revision.",
            _ => $"expected the file, came the answer {Name(answer)}{said}. Look at {Page}.",
        });
    }

    private string Then => settings.Token is null
        ? $"give a token of that account, made at {new Uri(settings.Endpoint, "settings/tokens")}, as HF_TOKEN."
        : http.SendsToken ? $"give a token of that account as HF_TOKEN ({settings.Token} was sent)."
        : $"use an endpoint with https: {settings.Token} was not sent, because {settings.Endpoint} is not encrypted.";

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var wait = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Name(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => "429 (too many requests)",
        HttpStatusCode.InternalServerError => "500 (a fault of the server)",
        HttpStatusCode.BadGateway => "502 (bad gateway)",
        HttpStatusCode.ServiceUnavailable => "503 (not available for the moment)",
        HttpStatusCode.GatewayTimeout => "504 (gateway timeout)",
        var other => $"{(int)other}",
    };
}
