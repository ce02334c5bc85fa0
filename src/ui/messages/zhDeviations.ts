/** What engines and heads do other than published, and the Chinese of it, by the English. */
export const DEVIATIONS: Readonly<Record<string, string>> = {
  // M2AD.
  'A window is W steps; as printed, the paper’s has one more.': '窗口为 W 步；按论文印出的写法多一步。',
  'One bias a gate instead of two (the same function; it starts as the sum of two draws).':
    '每个门一个偏置而非两个（函数相同；初值为两次抽取之和）。',
  'The weights of the best validation loss are kept; the published code keeps the last (switch "Keep the best weights").':
    '保留验证损失最佳的权重；公开代码保留最后的（开关“保留最佳权重”）。',
  'The target is the next step, as the paper writes; the published code skips one (preset "code").':
    '目标为下一步，如论文所写；公开代码跳过一步（预设“code”）。',
  'Covariates are scaled like sensors; the published code feeds them raw.':
    '协变量与传感器一样缩放；公开代码直接输入原值。',
  'Filling and scaling are learned on the training part only; the published code fits the scale on the test part again (switch "Scale judged steps by their own range", off in every preset: it leaks).':
    '填补和缩放只从训练部分学习；公开代码在测试部分重新拟合缩放（开关“按评判部分自身范围缩放”，所有预设均关闭：会造成泄漏）。',
  'Gaps are filled by lines, or as chosen for each sensor; the published code fills in the mean.':
    '缺口用直线填补，或按每个传感器所选；公开代码填均值。',
  'Default preset "lite": one layer of 32, window 50, stride 5; about as good as the paper size at a fraction of the cost.':
    '默认预设“lite”：一层 32，窗口 50，步幅 5；效果与论文规模相近，代价仅为一小部分。',
  // AMAD.
  'Not given in the paper and taken from the Anomaly Transformer: window 100, circular convolution and sinusoid as embedding, final layer norm and linear head, no dropout, both terms of the loss as means, halving of the learning rate.':
    '论文未给出、取自 Anomaly Transformer 的：窗口 100，循环卷积和正弦作嵌入，末尾层归一化和线性头，无随机失活，损失两项均取均值，学习率逐次减半。',
  'Logits are scaled by the width of a head; eq. 3 has the width of the model and eq. 15 its square, which makes AutoMask almost uniform (setting "Scale of attention").':
    'logits 按头的宽度缩放；式 3 用模型宽度，式 15 用其平方，使 AutoMask 几乎均匀（设置“注意力缩放”）。',
  'ω is learned directly, one number a head and layer, spread over the frequencies of a window at the start (setting "Frequency ω"); one angle θ = 1 for all pairs (setting "Angle θ").':
    'ω 直接学习，每头每层一个数，初值分布在窗口的各频率上（设置“频率 ω”）；所有列对共用角度 θ = 1（设置“角度 θ”）。',
  'AutoMask has its own square projection of queries and keys in each head, as eq. 10 says; the divergence reaches nothing else of its side.':
    'AutoMask 在每个头中有自己的查询和键方阵投影，如式 10；散度在它这一侧只作用于此。',
  'Both phases are one step with routed gradients. By default each layer’s divergence stays in its layer, which one backward pass can do; by list, or as two steps, it reaches self-attention below (setting "Phases").':
    '两个阶段合为一步，梯度分路。默认每层的散度只留在本层，一次反向传播即可；按清单或分两步时会作用于其下的自注意力（设置“阶段”）。',
  'The undefined S of the layer’s second sum is read as H; CAD is the mean over layers and heads, in nats.':
    '层的第二个求和中未定义的 S 读作 H；CAD 为对层和头的均值，单位为 nat。',
  'Learning is judged by the loss on the last fifth of the training windows, in which the divergence of the two phases cancels; published code of this family judges it on the test set.':
    '学习由最后五分之一训练窗口上的损失评判，两阶段的散度在其中抵消；同类公开代码用测试集评判。',
  'A step covered by several windows gets the mean of their scores (setting "Windows over a step"); the papers cut windows side by side and drop the rest.':
    '被多个窗口覆盖的步取其得分的均值（设置“覆盖一步的窗口”）；论文首尾相接地切窗并丢弃余下部分。',
  'Covariates are read, but only sensors are reconstructed.': '读取协变量，但只重构传感器。',
  'Default preset "lite": width 64, 4 heads, 2 layers, learning rate 0.001; the paper’s rate of 0.02 is in preset "paper" and may diverge, which stops the run with advice.':
    '默认预设“lite”：宽度 64，4 头，2 层，学习率 0.001；论文的 0.02 在预设“paper”中，可能发散，届时停止运行并给出建议。',
  // Anomaly Transformer.
  'Both phases are one step from one backward pass with the gradients of the published two; learning is judged by the reconstruction loss on the last fifth of the training windows (published code: both losses, on the test set).':
    '两个阶段合为一步，由一次反向传播得到与公开的两步相同的梯度；学习由最后五分之一训练窗口上的重构损失评判（公开代码：两种损失，在测试集上）。',
  'A layer norm that the published code creates and never uses is left out.':
    '省去公开代码创建但从未使用的一个层归一化。',
  'The published code’s 1e-4 inside the logarithms and temperature of 50 are kept (setting "Temperature of the score").':
    '保留公开代码在对数内的 1e-4 和温度 50（设置“得分的温度”）。',
  'A step covered by several windows gets the mean of their scores (setting "Windows over a step"); published: windows side by side, the rest dropped.':
    '被多个窗口覆盖的步取其得分的均值（设置“覆盖一步的窗口”）；公开做法：窗口首尾相接，丢弃余下部分。',
  'Default preset "lite": width 64, 4 heads, 2 layers, learning rate 0.001.':
    '默认预设“lite”：宽度 64，4 头，2 层，学习率 0.001。',
  // Transformer.
  'An encoder only, with a linear head that reconstructs its input; layer norm after each residual and once at the end, GELU, no mask: the settings of the Time-Series-Library (preset "paper").':
    '只有编码器，由线性头重构输入；每个残差后及末尾各一次层归一化，GELU，无掩码：Time-Series-Library 的设置（预设“paper”）。',
  'The embedding is a circular convolution over three steps plus fixed positions.':
    '嵌入为三步的循环卷积加固定位置编码。',
  'A step covered by several windows gets the mean of their reconstructions (setting "Windows over a step").':
    '被多个窗口覆盖的步取其重构的均值（设置“覆盖一步的窗口”）。',
  'Default preset "lite": width 64, 4 heads, 2 layers.': '默认预设“lite”：宽度 64，4 头，2 层。',
  // VTT.
  'The feed-forward reads the temporal attention’s output instead of the sum, as the published code does.':
    '前馈层读取时间注意力的输出而非其和，与公开代码相同。',
  'Training windows are shuffled and the last fifth of them judges the learning; the published code keeps their order.':
    '训练窗口打乱顺序，最后五分之一评判学习；公开代码保持原序。',
  'Covariates are variables too, but only sensors are reconstructed.': '协变量也作为变量，但只重构传感器。',
  'Default preset "lite": window 50, width 16, 2 heads of 8, 2 blocks, learning rate 0.001; work grows with the number of sensors.':
    '默认预设“lite”：窗口 50，宽度 16，2 个宽 8 的头，2 个模块，学习率 0.001；计算量随传感器数增长。',
  'One layer norm for both attentions of a block, which the published number of parameters fixes.':
    '一个模块的两种注意力共用一个层归一化，由公开的参数量可知。',
  // USAD.
  'The score is given by step, the mean over its sensors, and averaged over the windows that cover the step; the paper scores whole windows. The mean over a window is the paper’s score.':
    '得分按步给出（对传感器取均值），再对覆盖该步的窗口取平均；论文对整个窗口评分。窗口内的均值即论文的得分。',
  'The expectation of a sensor, from which contributions and other scoring heads start, is the first decoder’s.':
    '贡献和其他评分头所依据的传感器预期值来自第一个解码器。',
  'Covariates are read, also in the second pass, but only sensors are reconstructed.':
    '读取协变量（第二遍亦然），但只重构传感器。',
  'Where windows are kept for validation, they are judged by the plain errors of both autoencoders, since the weights in the losses shift with every epoch. Early stopping is off, as published.':
    '若保留验证窗口，则用两个自编码器的普通误差评判，因为损失中的权重逐轮变化。不提前停止，如公开做法。',
  'The paper’s latent sizes differ by data set; preset "paper" has those of the published code for SWaT (window 12, latent 1200).':
    '论文的潜变量维度因数据集而异；预设“paper”采用公开代码对 SWaT 的设置（窗口 12，潜变量 1200）。',
  'From the third epoch on the printed losses reward a second decoder that rebuilds nothing, once the first rebuilds well; on short series it then does. Default preset "lite" lets the contest grow a fiftieth as fast (setting "Pace of the contest"; 1 in preset "paper").':
    '从第三轮起，一旦第一个解码器重构良好，论文印出的损失就会奖励什么都不重构的第二个解码器；在短序列上确会如此。默认预设“lite”让对抗以五十分之一的速度增强（设置“对抗的节奏”；预设“paper”为 1）。',
  'Default preset "lite": latent 40, stride 2, 20 epochs, learning rate 0.003.':
    '默认预设“lite”：潜变量 40，步幅 2，20 轮，学习率 0.003。',
  // LSTM-VAE.
  'By default reconstruction is judged by squared error, the divergence counts a thousandth and the prior rests at 0; the Gaussian likelihood, the moving prior and the input noise of the paper are in preset "paper".':
    '默认以平方误差衡量重构，散度计千分之一，先验固定在 0；论文的高斯似然、移动先验和输入噪声在预设“paper”中。',
  'The paper compares the score of a window’s last step with a threshold that a support vector regression expects from the latent numbers. Here every step has its score, and the threshold is the scoring head’s.':
    '论文把窗口最后一步的得分与支持向量回归由潜变量预期的阈值比较。这里每一步都有得分，阈值由评分头给出。',
  'Scores use the mean of the posterior; nothing is drawn at random.': '得分使用后验均值；不作随机抽取。',
  'Reconstruction is averaged over sensors, the divergence summed over latent numbers; both are means over steps.':
    '重构误差对传感器取平均，散度对潜变量求和；两者都对步取均值。',
  'A step covered by several windows gets the mean of their results (setting "Windows over a step").':
    '被多个窗口覆盖的步取其结果的均值（设置“覆盖一步的窗口”）。',
  'The learning rate falls by a twentieth every epoch; published code divides it by ten at epoch 20.':
    '学习率每轮下降二十分之一；公开代码在第 20 轮除以十。',
  'Default preset "lite": hidden 32, latent 8, stride 5.': '默认预设“lite”：隐藏维度 32，潜变量 8，步幅 5。',
  // OmniAnomaly.
  'Draws depend on the draw of the step before, before the flows, and gradients run through all of it; the published code stops them inside its loops and takes the current step.':
    '抽取依赖于前一步（流变换之前）的抽取，梯度贯穿全程；公开代码在循环内截断梯度并取当前步。',
  'The prior is one local level model for each latent number, all variances 1, which is what identity matrices in the paper’s state space come to.':
    '先验为每个潜变量一个局部水平模型，方差均为 1，等价于论文状态空间取单位矩阵。',
  'The GRU resets the state before the product with its weights.': 'GRU 在与权重相乘之前重置状态。',
  'Every step has the score of the posterior’s mean, averaged over the windows that cover it; the paper scores the last step of each window by one random draw.':
    '每一步用后验均值评分，并对覆盖它的窗口取平均；论文用一次随机抽取对每个窗口的最后一步评分。',
  'Scaling is learned on the training part only; the published code fits it on the test part again.':
    '缩放只从训练部分学习；公开代码在测试部分重新拟合。',
  'Weights start as in PyTorch and flows as the identity; the halving of the learning rate every 40 epochs never comes to act in the 10 published ones and is left out.':
    '权重初值同 PyTorch，流的初值为恒等；每 40 轮学习率减半在公开的 10 轮内从不生效，故省去。',
  'Default preset "lite": width 32, window 50, 5 flows, stride 5, learning rate 0.003.':
    '默认预设“lite”：宽度 32，窗口 50，5 个流，步幅 5，学习率 0.003。',
  // AMSL.
  'The published code adds the memory reads of one view to two others and averages the error over 16 windows of the same class; neither is done here (switch "Mean over 16 windows" shows the second).':
    '公开代码把一个视图的记忆读取加到另外两个视图，并对同类的 16 个窗口平均误差；这里都不做（开关“16 个窗口的均值”演示后者）。',
  'By default items answer by dot product and the entropy is a mean over items, as in the published code; the printed cosine, which cannot be sparse, and the sum are in preset "paper".':
    '默认记忆项按点积应答，熵对记忆项取均值，同公开代码；论文印出的余弦（无法稀疏）与求和在预设“paper”中。',
  'The free variable r is 0, as in the code (switch "Random r"); batch normalisation of the fusion weights rests, since their input is the same for a whole batch.':
    '自由变量 r 为 0，同代码（开关“随机 r”）；融合权重的批归一化不起作用，因为整批的输入相同。',
  'Noise, order and factor of the views are drawn from the window’s own values and a seed, so that its error is always the same.':
    '视图的噪声、顺序和系数由窗口自身的值和种子抽取，使其误差始终相同。',
  'Each view is scaled by the range of its channels in the training windows and cut half a range beyond; the published code scales every step of a channel by all data, anomalous windows included.':
    '每个视图按其通道在训练窗口中的范围缩放，并在超出半个范围处截断；公开代码用全部数据（含异常窗口）缩放通道的每一步。',
  'Sensors arrive standardised, so that negation and factors act about the training mean; the published code transforms raw values.':
    '传感器先标准化，使取反和系数围绕训练均值作用；公开代码变换原值。',
  'A single memory is read as it is, without a fusion weight.': '只有一个记忆时直接读取，不用融合权重。',
  'Each step gets the mean error of the windows over it (setting "Windows over a step"); the paper judges whole windows. Expected values are those of the untransformed view.':
    '每一步取覆盖它的窗口的平均误差（设置“覆盖一步的窗口”）；论文评判整个窗口。预期值来自未变换的视图。',
  'Covariates are part of the image, but only sensors are judged.': '协变量也是图像的一部分，但只评判传感器。',
  'The last fifth of the training windows judges the learning.': '最后五分之一训练窗口评判学习。',
  'Default preset "lite": 8 and 16 filters, decoders of 16, 100 items, dropout 0.2 and a learning rate of 0.01, falling by a tenth every epoch; about a fortieth of the work.':
    '默认预设“lite”：8 和 16 个滤波器，解码器 16，记忆项 100，随机失活 0.2，学习率 0.01 且每轮降十分之一；计算量约为四十分之一。',
  // Council and engines that learn in one go.
  'members are not independent, so the joint p-value comes from the scoring head, not from a χ² law':
    '成员并不独立，因此联合 p 值来自评分头，而非 χ² 分布',
  'a member’s −ln p has a power tail beyond the limit that 1 % of training passes: a drifted member cannot outvote the rest':
    '成员的 −ln p 在 1 % 训练步超过的界限之外为幂律尾部：漂移的成员无法压倒其他成员',
  'members and weights were chosen on three machines of SMD and two servers of ASD, with their labels':
    '成员和权重是用 SMD 的三台机器和 ASD 的两台服务器及其标签选出的',
  'clusters of windows of all sensors (as Yairi, Kato & Hori 2001 did with telemetry), where the paper has single points':
    '对所有传感器的窗口聚类（如 Yairi、Kato 与 Hori 2001 对遥测所做），论文则为单点',
  'a step’s score is the mean distance of all windows that cover it': '一步的得分为覆盖它的所有窗口的平均距离',
  'at most 2500 training windows, evenly spread; k-means++ start':
    '至多 2500 个训练窗口，均匀分布；以 k-means++ 初始化',
  'what is expected of a step is the mean of the nearest centres of its windows':
    '一步的预期值为其各窗口最近中心的均值',
  'on windows instead of single steps': '对窗口而非单步',
  'the size of the rest is scored, not a sum over major and minor components': '对余量的大小评分，而非对主次成分求和',
  'at most 2500 training windows, evenly spread': '至多 2500 个训练窗口，均匀分布',
  'all sensors of a window together, where the paper has one': '窗口的所有传感器一起，论文只有一个',
  'windows are compared as they are or without their level, not divided by their deviation: a flat sensor has none':
    '窗口按原样或去除水平后比较，不除以标准差：平直的传感器没有标准差',
  'at most 1500 training windows, evenly spread; every fifth window is judged, and a step’s score is the mean over its windows':
    '至多 1500 个训练窗口，均匀分布；每五个窗口评判一个，一步的得分为其各窗口的均值',
  'the mean square of all sensors’ jumps, where the paper has one sensor and its size':
    '所有传感器跳变的均方，论文为单个传感器的大小',
  'a step is held against the mean of the steps before it, not against a fixed target':
    '一步与其之前各步的均值对照，而非固定目标',
  'the squares of all sensors are averaged and smoothed to both sides, where the chart has limits for one sensor':
    '所有传感器的平方取平均并向两侧平滑，控制图则为单个传感器的界限',
  // Detectors of single steps.
  'Trend and season are a running median and the median of each phase; the paper uses RobustSTL.':
    '趋势和季节为滑动中位数和各相位的中位数；论文使用 RobustSTL。',
  'The U-Net follows published re-implementations: five levels of 16 to 256 channels, two convolutions of width 3 each.':
    'U-Net 依照公开的复现：五级，16 至 256 通道，每级两个宽度 3 的卷积。',
  'Anomalous steps weigh as much more as they are rarer, at most 20 times; the value-adjusted weights of the paper are not used.':
    '异常步越稀少权重越大，至多 20 倍；不使用论文中按值调整的权重。',
  'No augmentation of its own: any augmentation of the studio can be put before it.':
    '自身不做增强：可在其前使用工作室的任一增强。',
  'Every sensor is judged by itself, with the same weights; labels speak of all sensors.':
    '每个传感器单独评判，权重相同；标签针对所有传感器。',
  'Adam; the published code uses Yogi.': '使用 Adam；公开代码用 Yogi。',
  'Mixing takes two windows; the published code mixes a window with itself, which only softens its label.':
    '混合取两个窗口；公开代码把窗口与自身混合，只会软化标签。',
  'Series are standardised by mean and deviation of the training part; the published code uses median and quartiles, refitted on the test part.':
    '序列按训练部分的均值和标准差标准化；公开代码用中位数和四分位数，并在测试部分重新拟合。',
  'Spikes are in units of 3.29 deviations of the window instead of its range from 5 to 95 %, which is the same for a normal law.':
    '尖峰以窗口的 3.29 个标准差为单位，而非 5 至 95 % 的范围；对正态分布两者相同。',
  'The first steps of a series are judged in windows that are filled up with its mirror image.':
    '序列开头的步在用其镜像补足的窗口中评判。',
  'Adam and a mean loss; the published code has SGD with momentum and a summed loss, whose scale its rate fits.':
    '使用 Adam 和平均损失；公开代码用带动量的 SGD 和求和损失，其学习率与之匹配。',
  'The saliency is divided by its mean over the window instead of multiplied by 100.':
    '显著度除以其窗口均值，而非乘以 100。',
  'Labels of injected points are not cleaned by saliency.': '注入点的标签不按显著度清理。',
  'By default it learns from labels of the training part, as in the C-GATS paper.':
    '默认从训练部分的标签学习，如 C-GATS 论文。',
  'Windows overlap by half; a step in two windows gets the mean of both scores.':
    '窗口重叠一半；处于两个窗口的步取两者得分的均值。',
  'The score is not clipped at 10 times the mean.': '得分不在均值的 10 倍处截断。',
  'Every sensor is judged by itself.': '每个传感器单独评判。',
  'The bound b is left to the threshold rule.': '界限 b 由阈值规则决定。',
  'The bound b is left to the threshold rule; k and c are searched on a grid where the training part has labels.':
    '界限 b 由阈值规则决定；训练部分有标签时在网格上搜索 k 和 c。',
  'Every sensor is judged by itself, with the same k and c.': '每个传感器单独评判，k 和 c 相同。',
  'Values are standardised first, so η = 0 is the training mean.': '先对数值标准化，因此 η = 0 即训练均值。',
  'Deviation of the weights': '权重的标准差',
  'Weights are drawn from N(0, σ²) and stay as they are.': '权重从 N(0, σ²) 抽取，之后不变。',
  'Two LSTM layers of 64; N(0, 0.02) is read as a deviation of 0.02.':
    '两层宽 64 的 LSTM；N(0, 0.02) 读作标准差 0.02。',
  // Heads.
  'p-values are clipped at 1e-300 (published code: 1e-16) and computed as upper tails in log space, never as 1 − F':
    'p 值在 1e-300 处截断（公开代码：1e-16），并在对数空间按上尾计算，从不用 1 − F',
  'the moving average is read as centre of mass 10, as in the published code; the paper names no number':
    '移动平均读作质心 10，同公开代码；论文未给出数值',
  'components per sensor by BIC up to 3 with the log-likelihood (printed: likelihood); mixtures start from several seeded partitions, the best one is kept':
    '每个传感器的成分数按 BIC 选取，至多 3，用对数似然（论文印为似然）；混合分布从若干带种子的划分出发，保留最好的',
  'the area covers halfWidth steps on both sides (printed: t − 1 to t + 1; an even window, so one step fewer after), and its factor 1/(2l) cancels in the standardisation':
    '面积覆盖两侧各 halfWidth 步（论文印为 t − 1 至 t + 1；窗口为偶数，故后侧少一步），系数 1/(2l) 在标准化中抵消',
  'area errors are standardised with the training mean and deviation (published code: refitted on the test part)':
    '面积误差用训练均值和标准差标准化（公开代码：在测试部分重新拟合）',
  'all weights are 1 unless chosen; by system they are 1/(systems · its sensors), where the published code matches names by parts of words':
    '除非另选，权重均为 1；按系统则为 1/（系统数 · 该系统传感器数），公开代码按单词片段匹配名称',
  'shares of sensors are falling −2 λ ln p over S (the printed argmax of λ log p would name the least anomalous one), or by default the largest unsmoothed error':
    '传感器的份额按 −2 λ ln p / S 递减（论文印出的 λ log p 的 argmax 会指向最不异常者），默认按最大的未平滑误差',
  'events are not padded unless chosen (published code: 50 steps on both sides) and rank by the tail of their highest score (there: mean p-value)':
    '除非另选，事件不加边（公开代码：两侧各 50 步），并按最高得分的尾部排序（公开代码：平均 p 值）',
  'a sensor without a value drops out; the rest is read against the Gamma law of the sensors present':
    '没有值的传感器退出；其余按在场传感器的 Gamma 分布读取',
  'a sensor that is constant in training, or whose residual is, does not count, unless asked for':
    '训练中恒定或残差恒定的传感器不计，除非要求计入',
  'above 4096 training values, neighbours in rank are gathered before the mixture fit (tails, mean and variance kept)':
    '训练值超过 4096 个时，拟合混合分布前先合并名次相邻者（保留尾部、均值和方差）',
  'the last part of training is held back, not a random one, because it is nearest to what is judged':
    '保留训练的最后部分而非随机部分，因为它最接近被评判的数据',
  'beyond the 98th percentile of the calibration values the tail is exponential: ranks cannot tell strong events apart':
    '超过校准值的第 98 百分位后尾部为指数分布：名次无法区分强事件',
  'steps follow each other, so p-values are exact only as far as the calibration part is like the judged one':
    '各步相互依赖，因此只有校准部分与评判部分相似时 p 值才准确',
  'a sensor that never moved in training gets an exponential law from the smallest error that counts':
    '训练中从未变动的传感器，其指数分布取自最小的有效误差',
  'the papers threshold by a percentile over training and test scores; here a Gamma law of the training scores gives a tail probability, and the percentile rule uses training scores only':
    '论文按训练和测试得分的百分位取阈值；这里由训练得分的 Gamma 分布给出尾部概率，百分位规则只用训练得分',
  'the tail of each sensor is that of a normal law of its training errors; the score itself has no parts by sensor':
    '每个传感器的尾部取其训练误差的正态分布；得分本身不分传感器',
  'an engine without a score of its own is scored by the mean squared residual': '没有自身得分的引擎按残差均方评分',
  // C-GATS.
  'Encoder and both decoders are LSTMs of 32 and 64 units; the paper says this of the anomalous decoder only.':
    '编码器和两个解码器均为 32 和 64 单元的 LSTM；论文只对异常解码器如此说明。',
  'The label joins the input of the last recurrent layer, which reads it from both ends; in a last linear layer it could only add one constant.':
    '标签接入最后一个循环层的输入，从两端读取；若在最后的线性层只能加一个常数。',
  'The divergence counts once a window, with weight 1, beside ½ Σ (x − x̂)²; equation 7 leaves signs and weights open.':
    '散度每窗口计一次，权重 1，与 ½ Σ (x − x̂)² 并列；式 7 未定符号和权重。',
  'p(Y) is the labels of training windows turned by a random number of steps; the paper leaves its form open.':
    'p(Y) 为训练窗口的标签循环移位随机步数；论文未定其形式。',
  'Windows of real series are standardised by series with training statistics before steps are hidden.':
    '真实序列的窗口先按序列用训练统计量标准化，再遮盖步。',
  'Early stopping after 10 epochs on a random tenth of the training windows; the paper says only “until convergence”.':
    '在随机十分之一训练窗口上 10 轮无改善即停止；论文只说“直至收敛”。',
  'Preset lite: step 1 begins with the first tenth of each window and takes in ever more of it, and gates start with a long memory (Tallec & Ollivier 2018); on whole windows from the start the networks stay at the mean. φ starts as ψ, the rate falls, gradients are clipped, and updates count, not epochs.':
    '预设 lite：第 1 步从每个窗口的前十分之一开始并逐渐纳入更多，门以长记忆开始（Tallec & Ollivier 2018）；若一开始就用整个窗口，网络会停在均值。φ 以 ψ 为初值，学习率下降，梯度截断，按更新次数而非轮数计。',
  'Preset lite: windows get what φ leaves unexplained at labelled steps, one number a run and one a step. z cannot tell what was hidden, so equation 8 makes φ the mean over all anomalies that fit, which for spikes of either sign is no spike.':
    '预设 lite：在标注的步为窗口加上 φ 未解释的部分，每段一个数、每步一个数。z 无法得知被遮盖的内容，因此式 8 使 φ 成为所有相符异常的均值，而对正负尖峰来说那并非尖峰。',
};
