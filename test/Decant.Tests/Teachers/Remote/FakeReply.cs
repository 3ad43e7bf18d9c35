namespace Decant.Tests.Teachers.Remote;

/// <summary>What a <see cref="FakeTeacher"/> answers.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens, each with the most probable ones of its position; null: the text is one token of probability 1.</param>
internal sealed record FakeReply(string Text, (string Token, (string Token, double P)[] Top)[]? Tokens = null)
{
    public string Finish { get; init; } = "stop";

    public string? Refusal { get; init; }
}
