using Decant.Evaluation.Retrieval;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>How well models find documents.</summary>
/// <param name="Queries">How many queries.</param>
/// <param name="Documents">How many documents.</param>
/// <param name="Rows">A row for every model and form of its vectors, the model's whole float32 vectors first.</param>
internal sealed record RetrievalResult(int Queries, int Documents, IReadOnlyList<RetrievalRow> Rows);

/// <summary>How well a model finds documents with its vectors in a form.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Form">How vectors are kept.</param>
/// <param name="Dimensions">How many numbers they have.</param>
/// <param name="Bytes">The bytes of a vector.</param>
/// <param name="Scores">The figures.</param>
internal sealed record RetrievalRow(string Model, VectorForm Form, int Dimensions, int Bytes, RetrievalScores Scores);
