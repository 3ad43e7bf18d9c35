using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>A model behind an OpenAI-compatible API: OpenAI, Azure, vLLM, llama.cpp, Ollama, SGLang.</summary>
public sealed record RemoteEndpoint
{
    /// <summary>Where the API is, such as <c>https://api.openai.com/v1</c> or <c>http://localhost:8000/v1</c>: what stands before <c>/chat/completions</c>. https, or http of this machine or network.</summary>
    public required Uri Address { get; init; }

    /// <summary>The model's name, as the server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>The environment variable that holds the key; default: <c>OPENAI_API_KEY</c>. The key itself is in no setting, file, log or message. A server on this machine needs none.</summary>
    public string KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>A version of the model that its name does not say, such as the hash of the weights; part of what identifies the teacher of stored answers. Default: empty.</summary>
    public string Version { get; init; } = "";

    /// <summary>The name of a model that every answer must say; another is a fault, and is asked again. Null, the default: not compared.</summary>
    public string? ExpectedModel { get; init; }

    /// <summary>How long one request may take; default: 100 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>What identifies this teacher: address, model and version.</summary>
    public string Identity => $"{Address.GetLeftPart(UriPartial.Path).TrimEnd('/')}|{Model}|{Version}";

    /// <summary>Opens the model for chat. A request is sent once: retries are <c>UseRetry</c>'s.</summary>
    /// <param name="environment">The value of an environment variable, null: not set; default: the process's environment.</param>
    /// <param name="handler">What requests are sent by; default: <see cref="SocketsHttpHandler"/>. The client disposes it.</param>
    /// <returns>The client, which the caller disposes; its failures are <see cref="RemoteTeacherException"/>s, and its streams come as a whole.</returns>
    /// <exception cref="DecantException">The address is no address of an API, or the key is missing or has characters that no key has.</exception>
    public IChatClient OpenChat(Func<string, string?>? environment = null, HttpMessageHandler? handler = null) => OpenedEndpoint.Chat(this, environment, handler);

    /// <summary>Opens the model for vectors of texts.</summary>
    /// <param name="environment">As in <see cref="OpenChat"/>.</param>
    /// <param name="handler">As in <see cref="OpenChat"/>.</param>
    /// <returns>The generator, which the caller disposes.</returns>
    /// <exception cref="DecantException">As in <see cref="OpenChat"/>.</exception>
    public IEmbeddingGenerator<string, Embedding<float>> OpenEmbeddings(Func<string, string?>? environment = null, HttpMessageHandler? handler = null) =>
        OpenedEndpoint.Embeddings(this, environment, handler);
}
