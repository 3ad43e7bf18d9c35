namespace Decant.Torch.Recording;

/// <summary>One call of an operator.</summary>
/// <param name="Operator">Its name with the overload, like <c>aten::add.Tensor</c>.</param>
/// <param name="Arguments">Those that were given; what is left out takes the schema's defaults.</param>
/// <param name="Results">The values that it gave, by index; −1 where one was undefined. Of an operator that writes in place: what its first argument is from then on.</param>
internal sealed record RecordedCall(string Operator, IReadOnlyList<RecordedArgument> Arguments, IReadOnlyList<int> Results)
{
    /// <summary>The part of the program that ended next after the call (<see cref="OperatorListener.NotifyEnd"/>); null: none did.</summary>
    public object? Place { get; set; }
}
