namespace Decant.Models.FromTeacher;

/// <summary>Channels that are chosen together: those of one convolution, or of all that is added up in a residual stage.</summary>
/// <param name="Name">The path of the convolution or stage, such as <c>conv1</c>, <c>layer1</c> or <c>layer1.0.conv1</c>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Seen">The paths of what shows them, before or behind a ReLU: how active they are is the sum over these.</param>
/// <param name="Carried">The group whose channels go on in the middle of this one, with zeros around them (option A of He 2016a); null: none's do.</param>
internal sealed record ChannelGroup(string Name, int Count, IReadOnlyList<string> Seen, string? Carried = null)
{
    /// <summary>The number here of the first channel that is carried.</summary>
    /// <param name="carried">How many are.</param>
    /// <param name="count">How many there are here.</param>
    public static int FirstCarried(int carried, int count) => (count - carried) / 2;
}
