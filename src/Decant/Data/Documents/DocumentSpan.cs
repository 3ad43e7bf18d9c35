namespace Decant.Data.Documents;

/// <summary>Where a document lies.</summary>
/// <param name="File">Which of the files.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Line">The line that it begins at, from 1.</param>
internal readonly record struct DocumentSpan(int File, long Offset, long Length, long Line);
