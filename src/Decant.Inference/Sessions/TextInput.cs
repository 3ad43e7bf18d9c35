namespace Decant.Inference.Sessions;

/// <summary>A text as the model reads it.</summary>
/// <param name="Ids">[T] ids, special ones included.</param>
/// <param name="TypeIds">[T] the text that each token is of; empty: all are of the first.</param>
/// <param name="IsCut">Whether some of the text is left out.</param>
internal readonly record struct TextInput(int[] Ids, byte[] TypeIds, bool IsCut);
