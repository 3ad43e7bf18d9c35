using Decant.Modules;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A teacher behind an API, where a run needs a model: it has no weights, and answers nothing that it was not asked beforehand.</summary>
/// <param name="name">Who was asked, for people.</param>
internal abstract class RemoteModel(string name) : Model
{
    /// <summary>Who was asked, for people.</summary>
    public string Name => name;

    /// <summary>What it is, for people.</summary>
    public virtual string Summary => $"{name}, a chat model behind an API";

    /// <inheritdoc/>
    public override string Kind => "chat";

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
}
