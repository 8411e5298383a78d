namespace NotebookPersist;

/// <summary>Names of the collections that TensorFlow keeps by convention.</summary>
/// <remarks>Not static so that the facade can show it as its own: <c>tf.GraphKeys.UpdateOps</c>. Source: TensorFlow GraphKeys.</remarks>
public abstract class GraphKeys
{
    /// <summary>Nobody makes one.</summary>
    protected GraphKeys()
    {
    }

    /// <summary>Variables that savers keep.</summary>
    public const string GlobalVariables = "variables";

    /// <summary>Variables that optimizers train.</summary>
    public const string TrainableVariables = "trainable_variables";

    /// <summary>Variables of this process only, such as counters.</summary>
    public const string LocalVariables = "local_variables";

    /// <summary>Local variables that metrics count in.</summary>
    public const string MetricVariables = "metric_variables";

    /// <summary>Variables of the model itself.</summary>
    public const string ModelVariables = "model_variables";

    /// <summary>Variables with a moving average.</summary>
    public const string MovingAverageVariables = "moving_average_variables";

    /// <summary>Loss terms that layers add.</summary>
    public const string RegularizationLosses = "regularization_losses";

    /// <summary>Loss terms.</summary>
    public const string Losses = "losses";

    /// <summary>Operations to run beside a training step, such as moving averages.</summary>
    public const string UpdateOps = "update_ops";

    /// <summary>Training steps.</summary>
    public const string TrainOp = "train_op";

    /// <summary>Summary operations.</summary>
    public const string Summaries = "summaries";

    /// <summary>Operations that fill tables.</summary>
    public const string TableInitializers = "table_initializer";

    /// <summary>Savers.</summary>
    public const string Savers = "savers";

    /// <summary>The step counter.</summary>
    public const string GlobalStep = "global_step";

    /// <summary>Constants that hold paths of files that SavedModels carry along.</summary>
    public const string AssetFilepaths = "asset_filepaths";

    /// <summary>Contexts of conditionals.</summary>
    public const string CondContext = "cond_context";

    /// <summary>Contexts of loops.</summary>
    public const string WhileContext = "while_context";

    /// <summary>Kernels of layers.</summary>
    public const string Weights = "weights";

    /// <summary>Biases of layers.</summary>
    public const string Biases = "biases";

    /// <summary>Values of layers.</summary>
    public const string Activations = "activations";

    /// <summary>The operation that starts all variables.</summary>
    public const string InitOp = "init_op";

    /// <summary>The operation that starts local variables and tables.</summary>
    public const string LocalInitOp = "local_init_op";

    /// <summary>Tells which variables have no value yet.</summary>
    public const string ReadyOp = "ready_op";

    /// <summary>The operation that merges all summaries.</summary>
    public const string SummaryOp = "summary_op";

    /// <summary>What savers keep beside variables.</summary>
    public const string SaveableObjects = "saveable_objects";

    /// <summary>Threads that fill queues.</summary>
    public const string QueueRunners = "queue_runners";

    /// <summary>The counter of evaluations.</summary>
    public const string EvalStep = "eval_step";
}
